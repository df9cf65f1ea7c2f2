import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { computeAddress, getBytes, keccak256, recoverAddress, Transaction, verifyMessage } from "ethers";
import { EthersSigner } from "../../../../src/chain/signing/ethers-signer.ts";
import { MOST_S } from "../../../../src/chain/signing/recovery.ts";
import { runTokenTool } from "../../../../src/chain/signing/token/pkcs11-tool.ts";
import { canAgree, createTokenKey, readTokenKey, slotOf } from "../../../../src/chain/signing/token/token-key.ts";
import { TokenSigner } from "../../../../src/chain/signing/token/token-signer.ts";
import { readPkcs11Uri, type TokenKeyName } from "../../../../src/core/pkcs11-uri.ts";
import { rejection } from "../../../support/rejection.ts";
import { makeSoftToken, type SoftToken, whyNoToken } from "../../../support/soft-token.ts";

const TRANSACTION = { chainId: 8420n, nonce: 7, to: `0x${"b2".repeat(20)}`, data: "0x1234", gasLimit: 100_000 };

describe("A key in a token", function () {
  this.timeout(60_000);
  let token: SoftToken;
  let name: TokenKeyName;

  before(function () {
    const reason = whyNoToken();
    if (reason !== undefined) {
      console.log(`    skipped: ${reason}`);
      this.skip();
    }
    token = makeSoftToken();
    name = readPkcs11Uri(token.uri("node-a"));
  });
  after(() => token?.remove());

  /** A key pair that signs only, made as somebody else would. */
  async function generate(key: TokenKeyName, kind: string, id: string): Promise<void> {
    const how = ["--keypairgen", "--key-type", kind, "--usage-sign", "--label", key.label, "--id", id];
    await runTokenTool(key, how, { login: true });
  }

  it("is made in the token, has the address that follows from the token's public key, and never leaves", async () => {
    const made = await createTokenKey(name);
    expect(made.id).to.match(/^[0-9a-f]{16}$/);
    expect(made.publicKey).to.match(/^0x[0-9a-f]{128}$/);
    expect(made.address).to.equal(computeAddress(`0x04${made.publicKey.slice(2)}`));
    expect(await readTokenKey(name)).to.deep.equal(made);
    const listed = await runTokenTool(name, ["--list-objects", "--type", "privkey", "--label", name.label], {
      login: true,
    });
    expect(listed.toString()).to.contain("sensitive, always sensitive, never extractable, local");
  });

  it("signs what ethers recovers its address from, with the s that chains take", async () => {
    const signer = await TokenSigner.open(name);
    const { address } = await readTokenKey(name);
    expect(signer.address).to.equal(address);
    const many = await Promise.all(Array.from({ length: 12 }, (_, at) => signer.signBytes(new Uint8Array([at]))));
    for (const [at, signature] of many.entries()) {
      expect(BigInt(signature.s) <= MOST_S).to.equal(true);
      expect(recoverAddress(keccak256(new Uint8Array([at])), signature)).to.equal(address);
    }
    expect(new Set(many.map(({ yParity }) => yParity)).size).to.equal(2);
    expect(Transaction.from((await signer.sign(TRANSACTION)).raw).from).to.equal(address);
    const wallet = new EthersSigner(signer);
    expect(verifyMessage("登録", await wallet.signMessage("登録"))).to.equal(address);
  });

  it("can be a node's: it agrees on secrets, as nodes' connections do", async () => {
    expect(await canAgree(name, await readTokenKey(name))).to.equal(true);
    const signing = readPkcs11Uri(token.uri("signs only"));
    await generate(signing, "EC:secp256k1", "77");
    expect(await canAgree(signing, await readTokenKey(signing))).to.equal(false);
  });

  it("is found by token or by slot", async () => {
    const slot = await slotOf(name);
    const { token: _token, ...bySlot } = name;
    expect(await readTokenKey({ ...bySlot, slot })).to.deep.equal(await readTokenKey(name));
  });

  it("is never made twice under one label, and two under one label are not guessed between", async () => {
    expect((await rejection(createTokenKey(name)))?.code).to.equal("key.exists");
    const twin = readPkcs11Uri(token.uri("twin"));
    for (const id of ["01", "02"]) await generate(twin, "EC:secp256k1", id);
    const error = await rejection(TokenSigner.open(twin));
    expect(error?.code).to.equal("signer.token-failed");
    expect(error?.message).to.contain("2 keys have the label twin");
  });

  it("is told from others by an identifier of its own: one that two keys have is refused", async () => {
    const other = readPkcs11Uri(token.uri("same id"));
    await generate(other, "EC:secp256k1", "01");
    expect((await rejection(TokenSigner.open(other)))?.message).to.contain("another key has its identifier 01");
  });

  it("of another curve is refused", async () => {
    const other = readPkcs11Uri(token.uri("p256"));
    await generate(other, "EC:prime256v1", "05");
    expect((await rejection(TokenSigner.open(other)))?.message).to.contain("on P-256 and not on secp256k1");
  });

  it("is told to be missing, as are token, library and a right PIN, with the tool's own words", async () => {
    const cases: [Partial<TokenKeyName>, string, RegExp][] = [
      [{ label: "nobody" }, "key.not-found", /no key with the label nobody/],
      [{ token: "elsewhere" }, "signer.token-failed", /No slot with token named "elsewhere"/],
      [{ module: "/nowhere/lib.so" }, "signer.token-failed", /Failed to load pkcs11 module/],
      [{ pinFile: `${token.pinFile}.none` }, "file.not-found", /file/],
    ];
    for (const [changes, code, words] of cases) {
      const error = await rejection(readTokenKey({ ...name, ...changes }));
      expect(error?.code, JSON.stringify(changes)).to.equal(code);
      expect(error?.message).to.match(words);
    }
  });

  it("is opened with the PIN of a file that its owner alone can read, and the PIN is told to nobody", async () => {
    const folder = mkdtempSync(join(tmpdir(), "brop-pin-"));
    const pinFile = join(folder, "pin");
    try {
      writeFileSync(pinFile, "9999", { mode: 0o600 });
      const wrong = await rejection(readTokenKey({ ...name, pinFile }));
      expect(wrong?.code).to.equal("signer.token-failed");
      expect(wrong?.message).to.contain("CKR_PIN_INCORRECT").and.not.to.contain("9999");
      chmodSync(pinFile, 0o640);
      expect((await rejection(readTokenKey({ ...name, pinFile })))?.code).to.equal("key.insecure");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is not believed when what comes back is another key's signature", async () => {
    // A tool before the real one on the path, which signs other bytes than those that it is given.
    const folder = mkdtempSync(join(tmpdir(), "brop-liar-"));
    const real = execFileSync("sh", ["-c", "command -v pkcs11-tool"]).toString().trim();
    const liar = '#!/bin/sh\nfor a; do [ "$p" = --input-file ] && head -c 32 /dev/zero >"$a"; p=$a; done\nexec ';
    writeFileSync(join(folder, "pkcs11-tool"), `${liar}${real} "$@"\n`, { mode: 0o755 });
    const signer = await TokenSigner.open(name);
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    try {
      const error = await rejection(signer.signBytes(getBytes("0x01")));
      expect(error?.code).to.equal("signer.wrong-signature");
      process.env.PATH = join(folder, "empty");
      const missing = await rejection(signer.signBytes(getBytes("0x01")));
      expect(missing?.message).to.contain("pkcs11-tool is not installed");
    } finally {
      process.env.PATH = path;
      rmSync(folder, { recursive: true });
    }
    await signer.signBytes(getBytes("0x01"));
  });
});

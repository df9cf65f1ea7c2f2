import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { isKeystoreJson, Wallet } from "ethers";
import { KeyStore } from "../../src/chain/key-store.node.ts";
import { rejectionCode } from "../support/rejection.ts";

describe("KeyStore", () => {
  let root: string;
  let keys: KeyStore;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "brop-keys-"));
    keys = new KeyStore(join(root, "keys"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const path = (name: string) => join(root, "keys", `${name}.json`);
  const modeOf = (file: string) => statSync(file).mode & 0o777;

  it("makes a random key that signs, with no sign of the key in what it tells", async () => {
    const stored = await keys.create("farm");
    const wallet = await keys.wallet("farm");
    expect(wallet.address).to.equal(stored.address);
    expect(stored).to.deep.equal({ name: "farm", address: wallet.address, encrypted: false });
    expect((await keys.create("other")).address).not.to.equal(stored.address);
  });

  it("says in the file of an open key that it is for development", async () => {
    await keys.create("farm");
    expect(JSON.parse(readFileSync(path("farm"), "utf8")).warning).to.match(/development key, not encrypted/i);
  });

  it("takes over a private key", async () => {
    const { privateKey, address } = Wallet.createRandom();
    expect((await keys.create("known", { privateKey })).address).to.equal(address);
    expect((await keys.wallet("known")).privateKey).to.equal(privateKey);
  });

  it("refuses a private key that is none, without repeating it", async () => {
    const error = await keys.create("bad", { privateKey: "0x1234secret" }).catch((thrown) => thrown);
    expect(error.code).to.equal("request.invalid");
    expect(JSON.stringify(error)).not.to.contain("secret");
  });

  it("keeps a key with a password as a Web3 keystore that other tools open", async () => {
    const { privateKey, address } = Wallet.createRandom();
    await keys.create("safe", { password: "correct horse", privateKey });
    const text = readFileSync(path("safe"), "utf8");
    expect(isKeystoreJson(text)).to.equal(true);
    expect(text).not.to.contain(privateKey.slice(2));
    expect((await Wallet.fromEncryptedJson(text, "correct horse")).address).to.equal(address);
    expect((await keys.wallet("safe", { password: "correct horse" })).privateKey).to.equal(privateKey);
    expect(await rejectionCode(keys.wallet("safe", { password: "wrong" }))).to.equal("key.wrong-password");
    expect(await rejectionCode(keys.wallet("safe"))).to.equal("key.wrong-password");
    expect(await keys.list()).to.deep.equal([{ name: "safe", address, encrypted: true }]);
  }).timeout(60_000);

  it("gives files and folder to their owner only", async () => {
    await keys.create("farm");
    await keys.setAccount("farm", Wallet.createRandom().address);
    expect(modeOf(path("farm"))).to.equal(0o600);
    expect(modeOf(join(root, "keys"))).to.equal(0o700);
  });

  it("never overwrites a key", async () => {
    const { address } = await keys.create("farm");
    expect(await rejectionCode(keys.create("farm"))).to.equal("key.exists");
    expect((await keys.wallet("farm")).address).to.equal(address);
  });

  it("lets one of two win who make the same key at the same time", async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => keys.create("farm")));
    const made = results.filter((result) => result.status === "fulfilled");
    expect(made).to.have.length(1);
    expect((await keys.wallet("farm")).address).to.equal(made[0]?.value.address);
    expect(readdirSync(join(root, "keys"))).to.deep.equal(["farm.json"]);
  });

  it("lists keys by name, none where there is no folder", async () => {
    expect(await keys.list()).to.deep.equal([]);
    expect(existsSync(join(root, "keys"))).to.equal(false);
    await keys.create("b");
    await keys.create("a");
    writeFileSync(join(root, "keys", "notes.txt"), "not a key");
    expect((await keys.list()).map(({ name }) => name)).to.deep.equal(["a", "b"]);
  });

  it("notes the account that a key operates, and keeps the key", async () => {
    const { privateKey } = Wallet.createRandom();
    const account = Wallet.createRandom().address;
    await keys.create("farm", { privateKey });
    await keys.setAccount("farm", account.toLowerCase());
    expect((await keys.get("farm")).account).to.equal(account);
    expect((await keys.wallet("farm")).privateKey).to.equal(privateKey);
    expect(await rejectionCode(keys.setAccount("farm", "0x12"))).to.equal("request.invalid");
  });

  it("refuses an unknown key", async () => {
    expect(await rejectionCode(keys.wallet("nobody"))).to.equal("key.not-found");
    expect(await rejectionCode(keys.setAccount("nobody", Wallet.createRandom().address))).to.equal("key.not-found");
  });

  it("refuses names that could lead out of the folder", async () => {
    for (const name of ["", "../farm", "a/b", ".hidden", "-x", "a".repeat(65), "a\0b"]) {
      expect(await rejectionCode(keys.create(name)), name).to.equal("request.invalid");
      expect(await rejectionCode(keys.wallet(name)), name).to.equal("request.invalid");
    }
  });

  it("refuses a key that others may read", async function () {
    if (process.platform === "win32") this.skip();
    await keys.create("farm");
    chmodSync(path("farm"), 0o644);
    expect(await rejectionCode(keys.wallet("farm"))).to.equal("key.insecure");
    expect(await rejectionCode(keys.list())).to.equal("key.insecure");
  });

  it("refuses to make keys in a folder that others may write to", async function () {
    if (process.platform === "win32") this.skip();
    mkdirSync(join(root, "keys"));
    chmodSync(join(root, "keys"), 0o777);
    expect(await rejectionCode(keys.create("farm"))).to.equal("key.insecure");
  });

  it("says which file is damaged", async () => {
    await keys.create("farm");
    for (const content of ["{", "{}", '{"address":"0x12"}', `{"address":"${Wallet.createRandom().address}"}`]) {
      writeFileSync(path("farm"), content);
      const error = await keys.wallet("farm").catch((thrown) => thrown);
      expect(error.code, content).to.equal("data.damaged");
      expect(error.details.path).to.equal(path("farm"));
    }
  });
});

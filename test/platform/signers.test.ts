import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SigningKey, Wallet } from "ethers";
import { KeyStore } from "../../src/chain/key-store.node.ts";
import type { TransactionSigner } from "../../src/chain/signing/transaction-signer.ts";
import { readConfig } from "../../src/config.ts";
import { operatorSigner, relaySigners } from "../../src/platform/signers.ts";
import { type FakeWeb3Signer, publicKeyOf, startFakeWeb3Signer } from "../chain/signing/fake-web3-signer.ts";
import { rejection } from "../support/rejection.ts";

const [KEY, REMOTE] = [`0x${"42".repeat(32)}`, `0x${"43".repeat(32)}`];
const addressOf = (key: string) => new Wallet(key).address;
const TRANSACTION = { chainId: 1n, nonce: 0, to: addressOf(KEY), data: "0x", gasLimit: 21_000 };

describe("Signers by the settings", () => {
  const folder = mkdtempSync(join(tmpdir(), "brop-signers-"));
  const keys = join(folder, "keys");
  let web3Signer: FakeWeb3Signer;
  const opened: TransactionSigner[] = [];

  before(async () => {
    web3Signer = await startFakeWeb3Signer({ privateKeys: [REMOTE] });
  });
  after(async () => {
    for (const signer of opened) signer.close();
    await web3Signer.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const config = (environment: NodeJS.ProcessEnv) => readConfig({ data: folder }, environment);
  async function open<Signers extends TransactionSigner | TransactionSigner[]>(signers: Promise<Signers>) {
    opened.push(...[await signers].flat());
    return signers;
  }

  it("are the keys of the data folder where no setting names others", async () => {
    const store = new KeyStore(keys);
    await store.create("operator", { privateKey: KEY });
    await store.create("relay-1", { privateKey: REMOTE });
    expect((await open(operatorSigner(config({}), keys))).address).to.equal(addressOf(KEY));
    expect((await open(relaySigners(config({}), keys))).map(({ address }) => address)).to.deep.equal([
      addressOf(REMOTE),
    ]);
  });

  it("are keys that the settings hold, or keys at Web3Signer, side by side", async () => {
    const named = publicKeyOf(new SigningKey(REMOTE));
    const settings = config({ BROP_RELAY_KEYS: `${KEY},${named}`, BROP_WEB3SIGNER: web3Signer.url });
    const relays = await open(relaySigners(settings, keys));
    expect(relays.map(({ address }) => address)).to.deep.equal([addressOf(KEY), addressOf(REMOTE)]);
    for (const relay of relays) await relay.sign(TRANSACTION);
    expect(web3Signer.signed).to.have.length(1);
    const operator = config({ BROP_OPERATOR_KEY: addressOf(REMOTE), BROP_WEB3SIGNER: web3Signer.url });
    expect((await open(operatorSigner(operator, keys))).address).to.equal(addressOf(REMOTE));
  });

  it("are refused with the setting that is missing or does not fit", async () => {
    const atSigner = { BROP_OPERATOR_KEY: addressOf(REMOTE) };
    const url = { BROP_WEB3SIGNER: web3Signer.url };
    const cases: [NodeJS.ProcessEnv, string, RegExp][] = [
      [atSigner, "configuration.invalid", /BROP_WEB3SIGNER/],
      [{ ...atSigner, ...url, BROP_WEB3SIGNER_CERTIFICATE: "a.crt" }, "configuration.invalid", /go together/],
      [{ ...atSigner, ...url, BROP_WEB3SIGNER_AUTHORITY: join(folder, "none.crt") }, "file.not-found", /none\.crt/],
    ];
    for (const [environment, code, words] of cases) {
      const error = await rejection(operatorSigner(config(environment), keys));
      expect(error?.code).to.equal(code);
      expect(error?.message).to.match(words);
    }
    const error = await rejection(operatorSigner(config({}), join(folder, "empty")));
    expect(error?.code).to.equal("key.not-found");
    expect(error?.message).to.contain("BROP_OPERATOR_KEY");
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { SigningKey, Wallet } from "ethers";
import { SigningService } from "../../../src/chain/signing/signing-service.ts";
import { Web3SignerSigner } from "../../../src/chain/signing/web3-signer-signer.ts";
import { freePorts } from "../../network/support/ports.ts";
import { rejection } from "../../support/rejection.ts";
import { publicKeyOf } from "./fake-web3-signer.ts";

const KEY = `0x${"42".repeat(32)}`;
const wallet = new Wallet(KEY);
const PATIENCE_MS = 90_000;

describe("The real Web3Signer", function () {
  this.timeout(2 * PATIENCE_MS);
  let child: ChildProcess | undefined;
  let folder: string | undefined;
  let url: string;

  before(async function () {
    const program = join(process.env.WEB3SIGNER_HOME ?? "", "bin/web3signer");
    if (!process.env.WEB3SIGNER_HOME || !existsSync(program)) {
      console.log("    skipped: WEB3SIGNER_HOME is not set to the folder of a Web3Signer");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "brop-web3signer-"));
    mkdirSync(join(folder, "keys"));
    const key = ['type: "file-raw"', 'keyType: "SECP256K1"', `privateKey: "${KEY}"`, ""];
    writeFileSync(join(folder, "keys/operator.yaml"), key.join("\n"), { mode: 0o600 });
    const { rpc } = await freePorts();
    url = `http://127.0.0.1:${rpc}`;
    const service = [`--key-config-path=${join(folder, "keys")}`, `--http-listen-port=${rpc}`, `--data-path=${folder}`];
    const chain = ["eth1", "--chain-id=8420", "--downstream-http-port=1"];
    child = spawn(program, [...service, ...chain], { stdio: "ignore" });
    await answers(url);
  });
  after(async () => {
    if (child !== undefined && child.exitCode === null) {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    }
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it("signs for ethers what the key itself would: transactions, messages, typed data", async () => {
    const signer = new Web3SignerSigner(wallet.address, { url });
    const transaction = { chainId: 8420n, nonce: 7, to: wallet.address, data: "0x1234", gasLimit: 123_456n };
    for (const priced of [
      { ...transaction, type: 0, gasPrice: 0n },
      { ...transaction, type: 2, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
    ]) {
      expect(await signer.signTransaction(priced)).to.equal(await wallet.signTransaction(priced));
    }
    expect(await signer.signMessage("登録")).to.equal(await wallet.signMessage("登録"));
    const domain = { name: "x", chainId: 8420 };
    const types = { Note: [{ name: "text", type: "string" }] };
    const value = { text: "匯" };
    expect(await signer.signTypedData(domain, types, value)).to.equal(await wallet.signTypedData(domain, types, value));
    signer.close();
  });

  it("answers as the double of these tests does: unknown keys, bad bodies, a node that is down", async () => {
    const stranger = new SigningKey(`0x${"77".repeat(32)}`);
    const unknown = new Web3SignerSigner(publicKeyOf(stranger), { url });
    expect((await rejection(unknown.signMessage("a")))?.code).to.equal("signer.key-unknown");
    unknown.close();
    const service = new SigningService({ url });
    const path = `api/v1/eth1/sign/${publicKeyOf(wallet.signingKey)}`;
    expect((await service.post(path, { data: "no hexadecimal digits" })).status).to.equal(400);
    const down = { jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] };
    expect((await service.post("", down)).status).to.equal(504);
    service.close();
  });
});

async function answers(url: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    if (
      await fetch(`${url}/upcheck`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await sleep(500);
  }
  throw new Error("Web3Signer does not answer");
}

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { id } from "ethers";
import { KeyStore } from "../../src/chain/key-store.node.ts";
import { recordId } from "../../src/core/record-id.ts";
import type { ReadyLine } from "../../src/platform/welcome.ts";
import { type Account, type Brop, connect, createRecordInput, establishPartner } from "../../src/sdk/index.ts";
import { inOneYear, newWallet } from "../support/people.ts";
import {
  killPlatforms,
  launchPlatform,
  type PlatformProcess,
  processesNaming,
  untilNoneNames,
  untilReady,
} from "./support/platform-process.ts";

const NO_SUBJECT = `0x${"00".repeat(32)}`;

describe("the embedded platform", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "brop-platform-"));
  const data = join(folder, "data");
  const owner = newWallet();
  let partner: string;
  let first: ReadyLine;
  let platform: PlatformProcess;

  async function start(): Promise<ReadyLine> {
    platform = launchPlatform({ data });
    return untilReady(platform);
  }

  async function record(url: string, text: string): Promise<number> {
    return withBrop(url, async (brop) => {
      const account: Account = brop.account(partner, owner);
      const response = await brop.contracts.records.connect(account).record(createRecordInput({ digest: id(text) }));
      const receipt = await response.wait();
      expect(receipt?.status).to.equal(1);
      return receipt?.blockNumber as number;
    });
  }

  async function isRecorded(url: string, text: string): Promise<boolean> {
    return withBrop(url, async (brop) => {
      const { records } = brop.contracts;
      return (await records.recordOf(recordId(partner, id(text), NO_SUBJECT))).status !== 0n;
    });
  }

  after(async () => {
    await killPlatforms();
    rmSync(folder, { recursive: true, force: true });
  });

  it("starts from nothing: makes keys, founds the chain, deploys the contracts and says where all is", async () => {
    first = await start();
    expect(first).to.include({ event: "ready", chainId: 8420, data, founded: true, pid: platform.child.pid });
    expect(first.rpc).to.equal(`${first.url}/rpc`);
    expect(first.addresses).to.include.all.keys("Directory", "Quota", "Records", "Certifications", "VoucherFactory");
    expect(Object.keys(first.keys)).to.deep.equal(["operator", "seat-1", "seat-2", "seat-3", "seat-4", "relay-1"]);
    expect(platform.words()).to.match(/✓ Contracts deployed \(\d+\.\d s\)\n/);
  });

  it("serves health, metrics, site and the partner agreement on the one port", async () => {
    const text = async (path: string) => (await fetch(first.url + path, { headers: { accept: "text/html" } })).text();
    expect(await (await fetch(`${first.url}/healthz`)).json()).to.deep.equal({ status: "alive" });
    const ready = await fetch(`${first.url}/readyz`);
    expect(ready.status).to.equal(200);
    expect(await ready.json()).to.deep.equal({
      status: "ready",
      checks: { chain: "ok", database: "ok", index: "ok" },
    });
    const metrics = await text("/metrics");
    expect(metrics).to.match(/^brop_indexed_block \d+$/m);
    expect(metrics).to.match(/^brop_operations\{state="included"\} 0$/m);
    expect(metrics).to.match(/^process_resident_memory_bytes \d+$/m);
    expect(await text("/")).to.contain("BROP");
    expect(await text("/documents/partner-agreement.txt")).to.match(/^PARTNER AGREEMENT/);
  });

  it("answers queries from its index", async () => {
    const status = await (await fetch(`${first.url}/v1/status`)).json();
    expect(status).to.include({ chainId: 8420 });
    const openApi = await (await fetch(`${first.url}/v1/openapi.json`)).json();
    expect(openApi.openapi).to.match(/^3\.1/);
  });

  it("has published the agreement's digest, so that an institution can sign it and be admitted", async () => {
    const operator = await new KeyStore(join(data, "keys")).wallet("operator");
    partner = await withBrop(first.url, async (brop) => {
      const account = await establishPartner(brop, operator.connect(brop.provider), {
        owner,
        name: "Bank of Restarts",
        expiresAt: inOneYear(),
        digest: id("identity of the bank"),
        copy: { digest: id("signed copy"), location: "https://example.org/copy" },
      });
      return account.address;
    });
    await record(first.url, "before the stop");
  });

  it("stops cleanly on Ctrl-C, leaves no process behind and keeps everything", async () => {
    platform.signal("SIGINT");
    const { code, signal, words } = await platform.exit;
    expect({ code, signal }).to.deep.equal({ code: 0, signal: null });
    expect(words).to.contain("✓ Stopped. Everything is kept in");
    expect(processesNaming(data)).to.deep.equal([]);
    expect(existsSync(join(data, "database.lock"))).to.equal(false);

    const again = await start();
    expect(again.founded).to.equal(false);
    expect(again.addresses).to.deep.equal(first.addresses);
    expect(again.keys).to.deep.equal(first.keys);
    expect(platform.words()).not.to.contain("Contracts deployed");
    expect(await isRecorded(again.url, "before the stop")).to.equal(true);
    await record(again.url, "before the kill");
    first = again;
  });

  it("goes on after kill -9 of everything, and no chain survives it", async () => {
    await platform.kill();
    expect(await untilNoneNames(data)).to.deep.equal([]);
    const again = await start();
    expect(again.addresses).to.deep.equal(first.addresses);
    await record(again.url, "after the kill");
    expect(await isRecorded(again.url, "before the stop")).to.equal(true);
    // What the chain lost in its last second is sent again, maybe a block later than what is new.
    while (!(await isRecorded(again.url, "before the kill"))) await sleep(200);
    first = again;
  });

  it("notices what the development chain lost, says so in one line and has it done again", async () => {
    const state = join(data, "chain", "state");
    const older = join(folder, "older-state");
    cpSync(state, older);
    const block = await record(first.url, "in a lost block");
    await untilIndexed(first.url, block);
    await platform.kill();
    await untilNoneNames(data);
    cpSync(older, state);

    const again = await start();
    await untilIndexed(again.url, block + 1);
    const notes = platform
      .words()
      .split("\n")
      .filter((line) => line.startsWith("!"));
    expect(notes).to.have.lengthOf(1);
    expect(notes[0]).to.match(/^! The development chain lost blocks \d+ to \d+ when it was killed\./);
    expect(await untilTrue(() => isRecorded(again.url, "in a lost block"))).to.equal(true);
    first = again;
  });

  it("tells a second start on the same data who uses it, and goes on undisturbed", async () => {
    const { code, output } = await launchPlatform({ data }).exit;
    expect(code).to.equal(1);
    const { error } = JSON.parse(output);
    expect(error).to.include({ code: "data.locked", pid: platform.child.pid });
    expect(error.detail).to.equal(`Process ${platform.child.pid} is using the data folder ${data}`);
    expect(error.remedy).to.contain("--data");
    expect((await fetch(`${first.url}/readyz`)).status).to.equal(200);
  });

  it("ends with an error when its chain is killed, and has it all at the next start", async () => {
    const chain = processesNaming(join(data, "chain"));
    expect(chain).not.to.deep.equal([]);
    for (const pid of chain) process.kill(pid, "SIGKILL");
    const { code, output } = await platform.exit;
    expect(code).to.equal(1);
    // After the ready line.
    expect(JSON.parse(output.slice(output.indexOf("\n"))).error.code).to.equal("chain.unreachable");
    const again = await start();
    expect(await isRecorded(again.url, "before the stop")).to.equal(true);
  });

  it("keeps keys and secrets out of its log, and keys readable by their owner only", async () => {
    const operator = await new KeyStore(join(data, "keys")).wallet("operator");
    const relay = await new KeyStore(join(data, "keys")).wallet("relay-1");
    const log = readFileSync(join(data, "logs", "brop.log"), "utf8");
    expect(log).to.contain('"msg":"Platform started"');
    for (const { privateKey } of [operator, relay]) expect(log).not.to.contain(privateKey.slice(2));
  });
});

async function withBrop<Result>(url: string, work: (brop: Brop) => Promise<Result>): Promise<Result> {
  const brop = await connect(url, { pollingInterval: 100 });
  try {
    return await work(brop);
  } finally {
    brop.close();
  }
}

async function untilIndexed(url: string, block: number): Promise<void> {
  const indexed = async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/^brop_indexed_block (\d+)$/m.exec(metrics)?.[1]);
  };
  await untilTrue(async () => (await indexed()) >= block);
}

/** Asks again for up to half a minute. */
async function untilTrue(question: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (await question()) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

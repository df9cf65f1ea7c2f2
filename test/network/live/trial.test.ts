import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { Wallet } from "ethers";
import { liveObstacle } from "../support/live-network.ts";
import { eventually, json, LiveTrial, node } from "../support/live-trial.ts";

const MINUTES = 60_000;
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

describe("A consortium of real Besu nodes, from its packages", function () {
  this.timeout(20 * MINUTES);
  let trial: LiveTrial;

  before(async function () {
    const obstacle = liveObstacle();
    if (obstacle !== undefined) {
      console.log(`    skipped: ${obstacle}`);
      this.skip();
    }
    trial = await LiveTrial.start();
  });
  after(() => trial?.close());
  afterEach(async function () {
    if (this.currentTest?.state === "failed") console.log(await trial.logs());
  });

  /** Lets so many seats vote for a proposal and the first one execute it. @returns its calls in words */
  async function decide(path: string, votes: number): Promise<unknown> {
    const { proposal } = await trial.act("council", "propose", path, "--as", "validator-1-seat");
    for (let seat = 2; seat <= votes; seat++) {
      await trial.act("council", "vote", `${proposal}`, "--as", `validator-${seat}-seat`);
    }
    const { executableFrom, calls } = await trial.act("council", "show", `${proposal}`);
    await eventually("the delay's end", async () => (await trial.height("access-1")) >= Number(executableFrom));
    await trial.act("council", "execute", `${proposal}`, "--as", "validator-1-seat");
    return calls;
  }

  const validators = () => trial.ask<string[]>("validator-1", "qbft_getValidatorsByBlockNumber", ["latest"]);
  const addressOf = (name: string) =>
    trial.record.nodes.find((one) => one.name === name)?.address.toLowerCase() as string;

  it("seals blocks by QBFT with the validators of the contract, and serves the platform", async () => {
    const { nodes, services } = json(await trial.network("status", "--json"));
    expect(nodes).to.have.length(5);
    for (const one of nodes) {
      expect(one.block, one.name).to.be.greaterThan(0);
      expect(one.validators).to.equal(4);
      expect(one.seals).to.be.within(3, 4);
      expect(one.peers).to.be.greaterThan(0);
    }
    expect(services.url).to.equal(trial.url);
    const status = await trial.act("status");
    expect(status.chainId).to.equal(84_299);
    const expected = trial.record.nodes.filter(({ kind }) => kind === "validator").map(({ name }) => addressOf(name));
    expect((await validators()).sort()).to.deep.equal(expected.sort());
    expect(await trial.sameBlock(1)).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("takes the documented deployment script, which changes nothing any more", async () => {
    const { privateKey } = JSON.parse(readFileSync(join(trial.keys, "operator.json"), "utf8"));
    const hardhat = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [hardhat, "run", "--no-compile", "scripts/deploy.ts", "--network", "besu"],
      { cwd: ROOT, env: { ...process.env, BROP_RPC_URL: `${trial.url}/rpc`, BROP_OPERATOR_KEY: privateKey } },
    );
    expect(stdout).to.contain("Everything is deployed already; nothing was changed.");
  });

  it("carries the demonstration from the first record to the last verdict", async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, "examples/food-traceability/demo.ts"), "--rpc", trial.url, "--keys", trial.keys, "--json"],
      { cwd: ROOT, maxBuffer: 50_000_000 },
    );
    expect(JSON.parse(stdout).passed).to.equal(true);
  });

  it("admits a fifth validator by a vote of Council, and it seals blocks", async () => {
    const fifth = await node("validator-5", { seat: "generate" });
    trial.content.validators = [...trial.content.validators, fifth];
    const [vote] = (await trial.make()).votes;
    json(await trial.network("up", "--json"));
    expect(JSON.stringify(await decide(vote?.path as string, 3))).to.contain("addSeat(");

    const address = addressOf("validator-5");
    expect(await validators())
      .to.have.length(5)
      .and.to.include(address);
    await eventually("its block", async () => (await trial.block("access-1", "latest")).miner === address);
  });

  it("removes a validator by a vote of Council, and goes on without it", async () => {
    const leaver = addressOf("validator-4");
    const staying = trial.content.validators.filter(({ name }) => name !== "validator-4");
    const { votes } = await trial.make({ ...trial.content, validators: staying });
    const vote = votes.find(({ about }) => about === "remove");
    expect(vote?.node).to.equal("validator-4");
    await decide(vote?.path as string, 4);
    expect(await validators())
      .to.have.length(4)
      .and.to.not.include(leaver);
    const head = await trial.height("validator-1");
    // Four rounds of turns: each of the four that are left proposes.
    await eventually("four blocks", async () => (await trial.height("validator-1")) >= head + 4);
    await eventually("them at every node", async () => (await trial.sameBlock(head + 3)) !== "");
  });

  it("lets a partner's node join later, which syncs from block 0 across both changes of the validators", async () => {
    trial.content.fullNodes = [await node("partner", {})];
    expect((await trial.make()).made).to.deep.equal(["partner"]);
    json(await trial.network("up", "--json"));
    const head = await trial.height("validator-1");
    await eventually("its blocks", async () => (await trial.height("partner")) >= head);
    for (const block of [1, Math.floor(head / 2), head]) await trial.sameBlock(block);
    const here = await trial.ask<string[]>("partner", "qbft_getValidatorsByBlockNumber", ["latest"]);
    expect(here).to.deep.equal(await validators());
  });

  it("refuses a transaction of a sender that is not admitted, at the node itself", async () => {
    const stranger = Wallet.createRandom();
    const raw = await stranger.signTransaction({
      ...{ to: stranger.address, nonce: 0, gasLimit: 21_000, gasPrice: 0, type: 0, chainId: 84_299 },
    });
    const refused = await trial.ask("partner", "eth_sendRawTransaction", [raw]).then(
      () => "accepted",
      (error: Error) => error.message,
    );
    expect(refused).to.contain("sender.not-admitted");
  });

  it("goes on after a stop with the same chain", async () => {
    const block = await trial.height("validator-1");
    const hash = await trial.sameBlock(block - 1);
    json(await trial.network("stop", "--json"));
    json(await trial.network("up", "--json"));
    expect(await trial.sameBlock(block - 1)).to.equal(hash);
    expect(await trial.height("validator-1")).to.be.greaterThan(block);
  });
});

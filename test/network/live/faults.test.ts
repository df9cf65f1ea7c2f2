import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { id, NonceManager, Wallet } from "ethers";
import { KeyStore } from "../../../src/chain/key-store.node.ts";
import { toRpc } from "../../../src/core/user-operation.ts";
import { consensusOf } from "../../../src/network/local/status.ts";
import { type Account, type Brop, connect, createRecordInput, establishPartner } from "../../../src/sdk/index.ts";
import { liveObstacle } from "../support/live-network.ts";
import { eventually, json, LiveTrial } from "../support/live-trial.ts";

const MINUTES = 60_000;
const YEAR_MS = 365 * 24 * 3_600_000;
/** Several times a block's time: a chain that makes none in it stands still. */
const STANDS_MS = 20_000;

/** Nodes that die, come back, and what clients are told meanwhile. The services believe only seals (`up` sees to it). */
describe("A consortium of real nodes of which some fail", function () {
  this.timeout(25 * MINUTES);
  let trial: LiveTrial;
  let brop: Brop;
  let account: Account;
  let apiKey: string;

  before(async function () {
    const obstacle = liveObstacle();
    if (obstacle !== undefined) {
      console.log(`    skipped: ${obstacle}`);
      this.skip();
    }
    trial = await LiveTrial.start();
    const trust = JSON.parse(readFileSync(`${trial.shop.directory}/genesis.json`, "utf8"));
    brop = await connect(trial.url, { trust });
    const operator = (await new KeyStore(trial.keys).wallet("operator")).connect(brop.provider);
    account = await establishPartner(brop, new NonceManager(operator), {
      ...{ owner: new Wallet(Wallet.createRandom().privateKey), name: "Green Farm", permissions: ["evidence"] },
      ...{ digest: id("identity"), copy: { digest: id("copy"), location: "https://example.org/copy" } },
      expiresAt: new Date(Date.now() + YEAR_MS),
    });
    const options = ["--role", "partner", "--scope", "submissions", "--account", account.address];
    apiKey = (await trial.act("api-key", "create", "ERP", ...options)).key as string;
  });
  after(async () => {
    brop?.close();
    await trial?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") console.log(await trial?.logs());
  });

  async function signed() {
    const to = brop.addresses.records;
    const input = createRecordInput({ digest: id(`record ${Math.random()}`) });
    const data = brop.contracts.records.interface.encodeFunctionData("record", [input]);
    return account.signCalls([{ to, data }], { deadlineBlocks: 60 });
  }

  async function submission(method: string, path: string, body?: object) {
    const answer = await fetch(`${trial.url}/v1${path}`, {
      ...{ method, headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as { id: string; state: string; success: boolean; blockNumber: number | null };
  }

  /** Hands an operation to the uplink. */
  const handOver = async () => submission("POST", "/operations", { operation: toRpc(await signed()) });

  async function ended(handedOver: { id: string }) {
    let end = await submission("GET", `/submissions/${handedOver.id}`);
    await eventually("the submission's end", async () => {
      end = await submission("GET", `/submissions/${handedOver.id}?wait=included`);
      return end.state === "included" || end.state === "expired";
    });
    return end;
  }

  const roundOf = async (block: number) => consensusOf((await trial.block("access-1", block)).extraData).round;

  it("proves ends of operations by real seals, to the SDK and in the uplink", async () => {
    const end = await ended(await handOver());
    expect(end).to.include({ state: "included", success: true });
    const response = await account.sendOperation(await signed());
    expect((await response.wait()).status).to.equal(1);
    expect(brop.relayFaults).to.deep.equal([]);
  });

  it("goes on with one of four validators killed; ends in later rounds are proven as well", async () => {
    trial.kill("validator-2");
    const head = await trial.height("validator-1");
    let inLaterRound = 0;
    // The missing one's turn comes every fourth block, and the next of them takes a second round.
    for (let tries = 0; tries < 12 && inLaterRound === 0; tries++) {
      const [end, receipt] = await Promise.all([
        handOver().then(ended),
        signed()
          .then((operation) => account.sendOperation(operation))
          .then((response) => response.wait()),
      ]);
      expect(end.state).to.equal("included");
      for (const block of [receipt.blockNumber, end.blockNumber as number]) {
        if ((await roundOf(block)) > 0) inLaterRound = block;
      }
    }
    expect(inLaterRound, "a block of a later round with an operation").to.be.greaterThan(head);
    expect(brop.relayFaults).to.deep.equal([]);

    json(await trial.network("up", "--json"));
    const now = await trial.height("validator-1");
    await eventually("it has caught up", async () => (await trial.height("validator-2")) >= now);
    await trial.sameBlock(now);
  });

  it("stands still with two of four killed, loses nothing, and goes on when they are back", async () => {
    trial.kill("validator-1");
    trial.kill("validator-3");
    await sleep(STANDS_MS / 4);
    const stands = await trial.height("access-1");
    const waiting = handOver();
    await sleep(STANDS_MS);
    expect(await trial.height("access-1")).to.equal(stands);
    const handedOver = await waiting;
    expect(["submitted", "signed", "received"]).to.include(
      (await submission("GET", `/submissions/${handedOver.id}`)).state,
    );

    json(await trial.network("up", "--json"));
    const end = await ended(handedOver);
    expect(end.state).to.equal("included");
    expect(end.blockNumber).to.be.greaterThan(stands);
    await trial.sameBlock(end.blockNumber as number);
  });

  it("keeps every promise to clients while `chaos` lets nodes fail", async () => {
    const ended = await trial.network("chaos", "--minutes", "2", "--seed", "tea", "--clients", "4", "--json");
    expect(ended.code, ended.stdout + ended.stderr).to.equal(0);
    const { findings, operations, compared, faults } = JSON.parse(ended.stdout);
    console.log(`      ${JSON.stringify({ faults, operations, compared })}`);
    expect(findings).to.deep.equal([]);
    expect(operations.included).to.be.greaterThan(0);
    expect(compared).to.deep.equal({ answers: operations.included + operations.expired, nodes: 5 });
    expect(Object.keys(faults)).to.not.deep.equal([]);
    // Every node runs as before.
    for (const { block } of json(await trial.network("status", "--json")).nodes) expect(block).to.be.a("number");
  });
});

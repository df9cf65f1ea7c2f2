import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Interface, id, Wallet } from "ethers";
import type { AccessNode } from "../../../src/access/access-node.ts";
import { decodeSerial } from "../../../src/core/serial.ts";
import { toRpc, type UserOperation } from "../../../src/core/user-operation.ts";
import type { Database } from "../../../src/store/database.ts";
import { insertPoolRows } from "../../../src/store/queries/operation-pool/insert.ts";
import { ask } from "../rpc-caller.ts";
import { hashOf, type Owner, params, signedOperation, TestNetwork, walletOf } from "../test-network.ts";

interface Status {
  state: string;
  block?: number;
  transaction?: string;
  success?: boolean;
  reason?: Record<string, unknown>;
}

const FIRST = walletOf("relay 1").privateKey;
const SECOND = walletOf("relay 2").privateKey;
/** A relay that Admission does not know: it takes operations in and may send nothing. */
const MUTE = new Wallet(id("not admitted")).privateKey;

describe("the definite end of an operation", function () {
  this.timeout(60_000);
  const directory = mkdtempSync(join(tmpdir(), "brop-follower-"));
  const stateFile = join(directory, "chain.gz");
  let network: TestNetwork;
  let alice: Owner;
  let lastText = 0;

  before(async () => {
    network = await TestNetwork.start({ stateFile });
    alice = await network.account("alice");
  });
  // A relay's key has one writer at a time.
  afterEach(async () => {
    await network.stopNodes();
    await mining(1);
  });
  after(async () => {
    await network.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const record = async (changes: Parameters<typeof signedOperation>[2] = {}) =>
    signedOperation(alice, [network.recordCall(`text ${++lastText}`)], {
      deadlineBlock: (await network.head()) + 50,
      ...changes,
    });

  async function send(node: AccessNode, operation: UserOperation): Promise<void> {
    const answer = await ask(node.gateway, "eth_sendUserOperation", params(operation));
    expect(answer.result, JSON.stringify(answer)).to.equal(hashOf(operation));
  }

  const statusOf = async (node: AccessNode, operation: UserOperation) =>
    (await ask(node.gateway, "brop_getOperationStatus", [hashOf(operation)])).result as Status;

  async function until(node: AccessNode, operation: UserOperation, state: string): Promise<Status> {
    for (;;) {
      const found = await statusOf(node, operation);
      if (found.state === state) return found;
      expect(found.state).to.be.oneOf(["received", "submitted"]);
      await pause();
    }
  }

  const deadlineOf = ({ nonce }: UserOperation) => {
    const serial = decodeSerial(nonce);
    return serial.tagged ? serial.deadlineBlock : undefined;
  };
  const sentBy = async ({ relay }: AccessNode) =>
    Number(await network.rpc.call("eth_getTransactionCount", [relay, "latest"]));
  const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
  const mining = (seconds: number) => network.rpc.call("evm_setIntervalMining", [seconds]);
  const mine = () => network.rpc.call("evm_mine");

  it("is expired at the deadline when no relay includes it, and stays so", async () => {
    const mute = await network.accessNode({ relayKey: MUTE });
    const operation = await record({ deadlineBlock: (await network.head()) + 4 });
    await send(mute, operation);
    const ended = await until(mute, operation, "expired");
    expect((ended as { deadline?: number }).deadline).to.equal(ended.block);
    expect(await network.head()).to.be.at.least(ended.block ?? 0);
    expect((await ask(mute.gateway, "eth_getUserOperationReceipt", [hashOf(operation)])).result).to.equal(null);
    await send(mute, operation);
    expect((await statusOf(mute, operation)).state).to.equal("expired");
  });

  it("is included, whichever relay did it", async () => {
    const mute = await network.accessNode({ relayKey: MUTE });
    const other = await network.accessNode({ relayKey: SECOND });
    const operation = await record();
    await send(mute, operation);
    await send(other, operation);
    const ended = await until(mute, operation, "included");
    expect(ended).to.include({ success: true });
    expect((await until(other, operation, "included")).transaction).to.equal(ended.transaction);
  });

  it("is displaced when another operation of the same nonce is included", async () => {
    const mute = await network.accessNode({ relayKey: MUTE });
    const other = await network.accessNode({ relayKey: SECOND });
    for (const nonce of [123n << 64n, (await record()).nonce]) {
      const held = await record({ nonce });
      const winner = await record({ nonce });
      await send(mute, held);
      await send(other, winner);
      const ended = await until(mute, held, "displaced");
      expect(ended.reason).to.include({ code: "operation.displaced", by: hashOf(winner) });
    }
  });

  it("comes for each of two operations of one nonce that are both stored", async () => {
    const db = await network.database();
    const mute = await network.accessNode({ relayKey: MUTE, db });
    const other = await network.accessNode({ relayKey: SECOND });
    const [taken, late] = [await record(), await record({ deadlineBlock: (await network.head()) + 6 })];
    for (const operation of [taken, late]) await send(mute, operation);
    await mute.stop();
    // As a node leaves them whose database stored the one and said that it had not.
    const rivals = [await record({ nonce: taken.nonce }), await record({ nonce: late.nonce })];
    const rows = rivals.map((operation) => ({
      ...{ hash: hashOf(operation), sender: operation.sender, nonce: operation.nonce, operation: toRpc(operation) },
      ...{ deadline: deadlineOf(operation), receivedAt: Date.now(), receivedBlock: 1 },
    }));
    await insertPoolRows(db, mute.relay, rows);
    const again = await network.accessNode({ relayKey: MUTE, db });
    const [winner, loser] = rivals as [UserOperation, UserOperation];
    await send(other, winner);
    await until(again, winner, "included");
    expect((await until(again, taken, "displaced")).reason).to.include({ by: hashOf(winner) });
    await until(again, late, "expired");
    await until(again, loser, "expired");
  });

  it("comes though the bundle reverted because another relay had one of its operations", async () => {
    // Time enough for both operations of a node to come into one bundle.
    const gather = 1_500;
    const nodes = [
      await network.accessNode({ relayKey: FIRST, gather }),
      await network.accessNode({ relayKey: SECOND, gather }),
    ];
    await mining(0);
    const shared = await record();
    const own = [await record(), await record()];
    await Promise.all(nodes.flatMap((node, index) => [send(node, shared), send(node, own[index] as UserOperation)]));
    while (nodes.some((node) => node.status().bundles !== 1)) await pause();
    await mine();
    await mining(1);
    const ends = [];
    for (const [index, node] of nodes.entries()) ends.push(await until(node, own[index] as UserOperation, "included"));
    const end = await until(nodes[0] as AccessNode, shared, "included");
    // One bundle stood, the other one was built again without what it shared, in the next block.
    expect(ends.filter(({ transaction }) => transaction === end.transaction)).to.have.lengthOf(1);
    expect(ends.filter(({ block }) => block === (end.block ?? 0) + 1)).to.have.lengthOf(1);
  });

  it("comes though another account's operation, spoiled in the same block, made the bundle revert", async () => {
    const node = await network.accessNode();
    const carol = await network.account("carol");
    const newKey = walletOf("carol's next key").address;
    const data = new Interface(["function setSigner(bytes)"]).encodeFunctionData("setSigner", [newKey]);
    const deadlineBlock = (await network.head()) + 8;
    await mining(0);
    const change = signedOperation(carol, [{ target: carol.address, data }], { deadlineBlock });
    await send(node, change);
    while (node.status().bundles !== 1) await pause();
    const spoiled = signedOperation(carol, [network.recordCall("by the old key")], { deadlineBlock });
    const innocent = await record();
    await Promise.all([send(node, spoiled), send(node, innocent)]);
    while (node.status().bundles !== 2) await pause();
    await mine();
    await mining(1);
    await until(node, change, "included");
    await until(node, innocent, "included");
    const ended = await until(node, spoiled, "expired");
    expect(ended.reason).to.include({ code: "operation.signature-invalid" });
  });

  it("comes though the node lost the bundle", async () => {
    const node = await network.accessNode();
    await mining(0);
    let operation: UserOperation;
    let transaction: string | undefined;
    do {
      operation = await record();
      await send(node, operation);
      while (node.status().bundles !== 1) await pause();
      ({ transaction } = await until(node, operation, "submitted"));
      await network.rpc.call("anvil_dropTransaction", [transaction]);
      // A block that was being made when mining was stopped may have taken it.
    } while ((await network.rpc.call("eth_getTransactionByHash", [transaction])) !== null);
    await mining(1);
    await until(node, operation, "included");
  });

  it("is found by a restarted node: included meanwhile, expired meanwhile, or still to be included", async () => {
    const db = await network.database();
    const mute = await network.accessNode({ relayKey: MUTE, db });
    const other = await network.accessNode({ relayKey: SECOND });
    const included = await record();
    const deadlineBlock = (await network.head()) + 10;
    const expired = await record({ deadlineBlock });
    const waiting = await record();
    for (const operation of [included, expired, waiting]) await send(mute, operation);
    await mute.stop();
    await send(other, included);
    await until(other, included, "included");
    await network.untilBlock(deadlineBlock + 1);
    const again = await network.accessNode({ relayKey: MUTE, db });
    expect(await statusOf(again, included)).to.include({ state: "included", success: true });
    expect(await statusOf(again, expired)).to.include({ state: "expired" });
    expect(await statusOf(again, waiting)).to.include({ state: "received" });
    await send(other, waiting);
    await until(again, waiting, "included");
  });

  it("comes after a restart, with no operation sent twice", async () => {
    const db = await network.database();
    const node = await network.accessNode({ db });
    const sentBefore = await sentBy(node);
    await mining(0);
    const operations = [];
    for (let index = 0; index < 5; index++) operations.push(await record());
    for (const operation of operations) await send(node, operation);
    while (node.status().bundles !== 1) await pause();
    await node.stop();
    const again = await network.accessNode({ db });
    expect(again.status()).to.include({ operations: 5, bundles: 1 });
    await mining(1);
    const ends = [];
    for (const operation of operations) ends.push(await until(again, operation, "included"));
    expect(new Set(ends.map(({ transaction }) => transaction)).size).to.equal(1);
    expect(await sentBy(again)).to.equal(sentBefore + 1);
  });

  it("comes again after a development chain lost the block, also over a restart; what expired stays expired", async () => {
    const db = await network.database();
    const node = await network.accessNode({ db });
    const mute = await network.accessNode({ relayKey: MUTE });
    const expired = await record({ deadlineBlock: (await network.head()) + 3 });
    const late = await record();
    const snapshot = await network.rpc.call("evm_snapshot");
    const [first, second] = [await record(), await record()];
    await send(mute, expired);
    await send(node, first);
    await until(node, first, "included");
    await until(mute, expired, "expired");
    await mining(0);
    await network.rpc.call("evm_revert", [snapshot]);
    const height = await network.head();
    while (node.status().followed !== height) await pause();
    expect((await statusOf(node, first)).state).to.be.oneOf(["received", "submitted"]);
    await mining(1);
    await until(node, first, "included");
    await send(node, late);
    await until(node, late, "included");
    expect((await statusOf(mute, expired)).state).to.equal("expired");

    // The same, but the node is away while the chain loses blocks.
    const later = await network.rpc.call("evm_snapshot");
    await send(node, second);
    await until(node, second, "included");
    await node.stop();
    await network.rpc.call("evm_revert", [later]);
    const again = await network.accessNode({ db });
    await until(again, second, "included");
    expect((await ask(again.gateway, "eth_getUserOperationReceipt", [hashOf(second)])).result).to.include({
      success: true,
    });
  });

  it("comes again though the database failed while what the lost blocks held was opened again", async () => {
    const db = await network.database();
    let rewound = false;
    const failing: Database = {
      ...db,
      query: async (text, values) => {
        if (!rewound || !text.includes("relay_bundles")) return db.query(text, values);
        rewound = false;
        throw new Error("the connection broke");
      },
      transaction: (work) =>
        db.transaction((tx) => {
          const query: Database["query"] = (text, values) => {
            if (text.includes("set state = 'received'")) rewound = true;
            return tx.query(text, values);
          };
          return work({ ...tx, query });
        }),
    };
    const node = await network.accessNode({ db: failing });
    const operation = await record();
    const snapshot = await network.rpc.call("evm_snapshot");
    await send(node, operation);
    await until(node, operation, "included");
    await mining(0);
    await network.rpc.call("evm_revert", [snapshot]);
    const height = await network.head();
    while (node.status().followed !== height) await pause();
    await mining(1);
    await until(node, operation, "included");
    expect(rewound).to.equal(false);
  });

  it("comes though the chain's node was away; meanwhile the access node says so", async () => {
    const node = await network.accessNode();
    const before = await record();
    await send(node, before);
    await until(node, before, "included");
    const after = await record();
    await network.restartChain(stateFile, async () => {
      while (node.status().chainReachable) await pause();
      const answer = await ask(node.gateway, "eth_sendUserOperation", params(after));
      expect(answer.error?.data).to.include({ code: "chain.unreachable" });
      expect((await ask(node.gateway, "eth_blockNumber")).error?.data).to.include({ code: "chain.unreachable" });
    });
    while (!node.status().chainReachable) await pause();
    await send(node, after);
    await until(node, after, "included");
    expect(await statusOf(node, before)).to.include({ state: "included" });
  });

  it("is waited for while the node stops: nothing more is taken in", async () => {
    const node = await network.accessNode();
    await node.stop();
    const answer = await ask(node.gateway, "eth_sendUserOperation", params(await record()));
    expect(answer.error?.data).to.include({ code: "service.unavailable" });
  });
});

import { expect } from "chai";
import { id } from "ethers";
import {
  deleteBundleRows,
  findBundleRows,
  insertBundleRows,
} from "../../../src/store/queries/operation-pool/bundles.ts";
import { findOpenPoolRows, findPoolRow } from "../../../src/store/queries/operation-pool/find.ts";
import { findIndexedOperation } from "../../../src/store/queries/operation-pool/find-indexed.ts";
import { finishPoolRows } from "../../../src/store/queries/operation-pool/finish.ts";
import { insertPoolRows } from "../../../src/store/queries/operation-pool/insert.ts";
import { movePoolRows } from "../../../src/store/queries/operation-pool/move.ts";
import { readRelayPosition, writeRelayPosition } from "../../../src/store/queries/operation-pool/position.ts";
import { rewindPoolRows } from "../../../src/store/queries/operation-pool/rewind.ts";
import { onEachDatabase } from "../databases.ts";

const RELAY = `0x${"11".repeat(20)}`;
const OTHER = `0x${"12".repeat(20)}`;

function row(name: string, changes: { deadline?: number; receivedAt?: number } = {}) {
  return {
    hash: id(name),
    sender: `0x${"22".repeat(20)}`,
    nonce: 2n ** 255n + 1n,
    deadline: changes.deadline,
    operation: { callData: '0x"\\\\quoted\\n', list: [1, null] },
    receivedAt: changes.receivedAt ?? 1_000,
    receivedBlock: 7,
  };
}

describe("queries of the operation pool", () => {
  onEachDatabase((database) => {
    const open = async (relay = RELAY, since = 0) =>
      (await findOpenPoolRows(database(), relay, since)).map(({ hash }) => hash);

    it("store operations once, and give them back as they were", async () => {
      await insertPoolRows(database(), RELAY, [row("a", { deadline: 90 }), row("b", { receivedAt: 999 })]);
      await insertPoolRows(database(), RELAY, [row("a", { deadline: 91 })]);
      await insertPoolRows(database(), RELAY, []);
      expect(await open()).to.deep.equal([id("b"), id("a")]);
      expect(await findPoolRow(database(), RELAY, id("a"))).to.deep.equal({
        ...{ hash: id("a"), operation: row("a").operation, state: "received", deadline: 90 },
        ...{ receivedAt: 1_000, receivedBlock: 7, transactionHash: undefined, blockNumber: undefined },
        ...{ success: undefined, reason: undefined },
      });
    });

    it("keep relays apart", async () => {
      await insertPoolRows(database(), RELAY, [row("a")]);
      await insertPoolRows(database(), OTHER, [row("a"), row("b")]);
      await finishPoolRows(database(), OTHER, [{ hash: id("a"), state: "expired", blockNumber: 9 }]);
      expect(await open()).to.deep.equal([id("a")]);
      expect(await open(OTHER)).to.deep.equal([id("b")]);
      expect(await findPoolRow(database(), RELAY, id("b"))).to.equal(undefined);
    });

    it("look for open operations only from a time on", async () => {
      await insertPoolRows(database(), RELAY, [row("a"), row("b", { receivedAt: 2_000 })]);
      expect(await open(RELAY, 1_001)).to.deep.equal([id("b")]);
    });

    it("write an end once", async () => {
      await insertPoolRows(database(), RELAY, [row("a")]);
      const end = { hash: id("a"), transactionHash: id("t"), blockNumber: 9, success: false, reason: { code: "x" } };
      await finishPoolRows(database(), RELAY, [{ ...end, state: "included" }]);
      await finishPoolRows(database(), RELAY, [{ hash: id("a"), state: "expired", blockNumber: 10 }]);
      expect(await findPoolRow(database(), RELAY, id("a"))).to.deep.include({ ...end, state: "included" });
      expect(await open()).to.deep.equal([]);
    });

    it("open what was included or displaced above a block again, and leave what expired", async () => {
      await insertPoolRows(
        database(),
        RELAY,
        ["low", "high", "displaced", "expired"].map((name) => row(name)),
      );
      await finishPoolRows(database(), RELAY, [
        { hash: id("low"), state: "included", blockNumber: 9, success: true },
        { hash: id("high"), state: "included", blockNumber: 10, success: true },
        { hash: id("displaced"), state: "displaced", blockNumber: 10 },
        { hash: id("expired"), state: "expired", blockNumber: 10 },
      ]);
      await rewindPoolRows(database(), RELAY, 9);
      expect(await open()).to.have.members([id("high"), id("displaced")]);
      expect(await findPoolRow(database(), RELAY, id("high"))).to.include({ state: "received", success: undefined });
    });

    it("keep signed bundles with their operations until they are forgotten", async () => {
      const bundles = [
        { hash: id("two"), relay: RELAY, nonce: 2, operations: [id("a")], raw: `0x${"02".repeat(90_000)}` },
        { hash: id("one"), relay: RELAY, nonce: 1, operations: [id("b"), id("c")], raw: "0x01" },
        { hash: id("three"), relay: OTHER, nonce: 1, operations: [], raw: "0x03" },
      ];
      await insertBundleRows(database(), bundles);
      expect(await findBundleRows(database(), RELAY)).to.deep.equal([bundles[1], bundles[0]]);
      expect(await findBundleRows(database(), OTHER)).to.deep.equal([bundles[2]]);
      await deleteBundleRows(database(), [id("one")]);
      expect(await findBundleRows(database(), RELAY)).to.deep.equal([bundles[0]]);
    });

    it("give a nonce of a relay to one bundle only", async () => {
      const bundle = { hash: id("one"), relay: RELAY, nonce: 1, operations: [id("a")], raw: "0x01" };
      await insertBundleRows(database(), [bundle]);
      const second = await insertBundleRows(database(), [{ ...bundle, hash: id("two") }]).catch(() => "refused");
      expect(second).to.equal("refused");
      await insertBundleRows(database(), [{ ...bundle, hash: id("two"), relay: OTHER }]);
    });

    it("take up bundles of a version that did not keep what it signed", async () => {
      await database().query(
        `insert into relay_bundles (transaction_hash, relay, nonce, operations)
         values (decode($1, 'hex'), decode($2, 'hex'), 4, ''::bytea)`,
        [id("old").slice(2), RELAY.slice(2)],
      );
      const old = { hash: id("old"), relay: RELAY, nonce: 4, operations: [], raw: undefined };
      expect(await findBundleRows(database(), RELAY)).to.deep.equal([old]);
    });

    it("go to another relay of the same node, open ones only and none twice", async () => {
      await insertPoolRows(
        database(),
        OTHER,
        ["open", "ended", "both"].map((name) => row(name)),
      );
      await insertPoolRows(database(), RELAY, [row("both"), row("own")]);
      const end = { hash: id("ended"), state: "included", blockNumber: 9, success: true } as const;
      await finishPoolRows(database(), OTHER, [end]);
      await movePoolRows(database(), OTHER, RELAY);
      expect(await open()).to.have.members(["open", "both", "own"].map((name) => id(name)));
      expect(await findPoolRow(database(), OTHER, id("both"))).to.equal(undefined);
      expect(await findPoolRow(database(), OTHER, id("ended"))).to.include({ state: "included" });
    });

    it("find what the indexer has seen, whichever relay's", async () => {
      expect(await findIndexedOperation(database(), id("a"))).to.equal(undefined);
      await database().query(
        `insert into operations (hash, sender, nonce, success, gas_used, transaction_hash, block_number, log_index)
         values (decode($1, 'hex'), ''::bytea, 1, false, 1, decode($2, 'hex'), 9, 0)`,
        [id("a").slice(2), id("t").slice(2)],
      );
      const found = { transactionHash: id("t"), blockNumber: 9, success: false };
      expect(await findIndexedOperation(database(), id("a"))).to.deep.equal(found);
    });

    it("keep a relay's position", async () => {
      expect(await readRelayPosition(database(), RELAY)).to.deep.equal({ blocks: [], openSince: 0 });
      for (const height of [5, 6]) {
        const position = { blocks: [[height, id("x")] as const], openSince: 1_700_000_000_000 + height };
        await writeRelayPosition(database(), RELAY, position);
        expect(await readRelayPosition(database(), RELAY)).to.deep.equal(position);
      }
    });
  });
});

import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { type BatchProof, MAX_BATCH, RecordBatch, verifyBatchProof } from "../../../src/core/batch/record-batch.ts";
import type { RecordInput } from "../../../src/core/ssz-record.ts";
import { someRecords } from "../../core/record-fixtures.ts";
import { digestOf } from "../support/actors.ts";
import { now } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent } from "../support/events.ts";
import { startFrom } from "../support/fixtures.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { LEVEL, makeUser, type Participant, type Town, town } from "../support/participants.ts";

const REASON = digestOf("reason");
const MAY_EVIDENCE = 2;
const STATUS = { notIncluded: 0n, valid: 1n, revoked: 2n } as const;

type Commitment = { root: string; count: number };

/** Lets somebody anchor a batch. @returns its identifier */
async function anchor(p: Town, owner: Participant, { root, count }: Commitment): Promise<string> {
  expectExecuted(await owner.call(p.batchAnchors, "anchor", [root, count]));
  return p.batchAnchors.anchorId(owner.address, root);
}

/** A town in which alice has anchored six records. */
async function settle() {
  const p = await town();
  const inputs = someRecords(6);
  const batch = new RecordBatch(inputs);
  return { ...p, inputs, batch, id: await anchor(p, p.alice, batch) };
}

const settled = () => startFrom(settle);
type Settled = Awaited<ReturnType<typeof settle>>;

const INDEX = 2;
const proofAt = ({ batch }: Settled, index = INDEX): BatchProof => batch.proof(index);

/** What the contract says about a record. */
function verify(p: Settled, changes: Partial<BatchProof & { id: string; record: RecordInput }> = {}): Promise<bigint> {
  const { id, record, index, branch } = {
    ...proofAt(p),
    id: p.id,
    record: p.inputs[INDEX] as RecordInput,
    ...changes,
  };
  return p.batchAnchors.verify(id, index, record, branch as never);
}

describe("BatchAnchors", () => {
  describe("anchoring", () => {
    it("keeps root, number of records and time", async () => {
      const p = await town();
      const batch = new RecordBatch(someRecords(1_000));
      const events = expectExecuted(await p.alice.call(p.batchAnchors, "anchor", [batch.root, batch.count]));
      const id = await p.batchAnchors.anchorId(p.alice.address, batch.root);
      expectEvent(events, "Anchored", [id, p.alice.address, batch.root, 1_000, ZeroAddress]);
      expect(await p.batchAnchors.anchorOf(id)).to.deep.equal([batch.root, BigInt(await now()), 1_000n, ZeroAddress]);
    });

    it("is known by owner and root", async () => {
      const { batchAnchors, alice } = await town();
      const root = digestOf("root");
      const words = AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [alice.address, root]);
      expect(await batchAnchors.anchorId(alice.address, root)).to.equal(keccak256(words));
    });

    it("refuses no root, no records, more than 2^20, and the same batch twice", async () => {
      const p = await settled();
      const attempt = async (root: string, count: number) => p.alice.call(p.batchAnchors, "anchor", [root, count]);
      expectReverted(await attempt(ZeroHash, 1), "AnchorRootMissing", []);
      for (const count of [0, MAX_BATCH + 1, 2 ** 32 - 1]) {
        expectReverted(await attempt(digestOf("root"), count), "AnchorCountOutOfRange", [count, MAX_BATCH]);
      }
      expectReverted(await attempt(p.batch.root, 6), "AnchorExists", [p.id]);
      expectReverted(await attempt(p.batch.root, 7), "AnchorExists", [p.id]);
      expectExecuted(await attempt(digestOf("root"), MAX_BATCH));
    });

    it("can not be squatted on: who copies a root first takes nothing from its owner", async () => {
      const p = await town();
      const batch = new RecordBatch(someRecords(2));
      await anchor(p, p.bob, { root: batch.root, count: 1 });
      const id = await anchor(p, p.alice, batch);
      expect((await p.batchAnchors.anchorOf(id)).count).to.equal(2n);
    });

    it("takes an account that may record evidence, or a partner that answers for it", async () => {
      const p = await town();
      const registered = await makeUser(p, p.bank, "registered", LEVEL.registered);
      const denied = [registered.address, LEVEL.registered, MAY_EVIDENCE];
      const attempt = await registered.call(p.batchAnchors, "anchor", [digestOf("root"), 1]);
      expectReverted(attempt, "CertificationNotPermitted", denied);

      const anonymous = await makeUser(p, p.bank, "anonymous", LEVEL.anonymous, { responsible: true });
      const id = await anchor(p, anonymous, { root: digestOf("root"), count: 1 });
      expect((await p.batchAnchors.anchorOf(id)).responsible).to.equal(p.bank.address);
    });
  });

  describe("verifying", () => {
    for (const count of [1, 2, 3, 1_000]) {
      it(`finds records of ${count}, the first, the last and one between`, async () => {
        const p = await town();
        const records = someRecords(count, `of ${count}`);
        const batch = new RecordBatch(records);
        const id = await anchor(p, p.alice, batch);
        for (const index of new Set([0, Math.floor(count / 2), count - 1])) {
          const record = records[index] as RecordInput;
          const { branch } = batch.proof(index);
          expect(await p.batchAnchors.verify(id, index, record, branch as never)).to.equal(STATUS.valid);
          expect(verifyBatchProof(batch, record, batch.proof(index))).to.equal(true);
        }
      });
    }

    it("refuses another place, also one that only differs beyond the tree", async () => {
      const p = await settled();
      for (const index of [0, 1, 3, 5, 6, 7, MAX_BATCH + INDEX, 2 * MAX_BATCH + INDEX]) {
        expect(await verify(p, { index }), `index ${index}`).to.equal(STATUS.notIncluded);
      }
      expect(
        await p.batchAnchors.verify(p.id, 2n ** 255n + 2n, p.inputs[2] as never, proofAt(p).branch as never),
      ).to.equal(STATUS.notIncluded);
    });

    it("refuses a record with any field changed", async () => {
      const p = await settled();
      const record = p.inputs[INDEX] as RecordInput;
      for (const change of [
        { digest: digestOf("x") },
        { algorithm: record.algorithm ^ 1 },
        { kind: record.kind ^ 1 },
        { subject: digestOf("x") },
        { businessKey: digestOf("x") },
        { refersTo: digestOf("x") },
      ]) {
        expect(await verify(p, { record: { ...record, ...change } })).to.equal(STATUS.notIncluded);
      }
    });

    it("refuses a branch with any node changed, with siblings swapped or with another length", async () => {
      const p = await settled();
      const { branch } = proofAt(p);
      const [first, second] = branch as [string, string];
      const length = (count: number) => `0x${count.toString(16).padStart(2, "0")}${"00".repeat(31)}`;
      const attacks = [
        ...branch.map((_, at) => branch.with(at, digestOf("node"))),
        branch.with(0, second).with(1, first),
        branch.with(20, length(5)),
        branch.with(20, length(7)),
      ];
      for (const [at, attack] of attacks.entries()) {
        expect(await verify(p, { branch: attack }), `attack ${at}`).to.equal(STATUS.notIncluded);
      }
    });

    it("takes neither a shorter nor a longer branch", async () => {
      const { batchAnchors, id, inputs, batch } = await settled();
      const { branch } = batch.proof(INDEX);
      for (const wrong of [branch.slice(1), [...branch, ZeroHash], []]) {
        const call = async () => batchAnchors.verify(id, INDEX, inputs[INDEX] as never, wrong as never);
        let refused = false;
        await call().catch(() => {
          refused = true;
        });
        expect(refused).to.equal(true);
      }
      // Cut off in the call data itself, past the client's own check.
      const data = batchAnchors.interface.encodeFunctionData("verify", [id, INDEX, inputs[INDEX], branch] as never);
      const { provider } = batchAnchors.runner as never as { provider: { call(request: object): Promise<string> } };
      await expectRevert(provider.call({ to: await batchAnchors.getAddress(), data: data.slice(0, -64) }), "unknown", [
        "0x",
      ]);
    });

    it("takes no inner node for a record: one level up and half the length is another list", async () => {
      const p = await town();
      const records = someRecords(4);
      const batch = new RecordBatch(records);
      const { branch } = batch.proof(0);
      const id = await anchor(p, p.alice, { root: batch.root, count: 2 });
      for (const index of [0, 1]) {
        for (const record of records) {
          const cut = [...branch.slice(1, 20), ZeroHash, branch[20] as string];
          expect(await p.batchAnchors.verify(id, index, record, cut as never)).to.equal(STATUS.notIncluded);
        }
      }
    });

    it("finds nothing where the owner told another number of records than the list has", async () => {
      const p = await town();
      const records = someRecords(6);
      const batch = new RecordBatch(records);
      for (const [owner, count] of [
        [p.alice, 5],
        [p.bob, 7],
      ] as const) {
        const id = await anchor(p, owner, { root: batch.root, count });
        const { index, branch } = batch.proof(0);
        expect(await p.batchAnchors.verify(id, index, records[0] as never, branch as never)).to.equal(
          STATUS.notIncluded,
        );
        const told = branch.with(20, `0x0${count}${"00".repeat(31)}`);
        expect(await p.batchAnchors.verify(id, index, records[0] as never, told as never)).to.equal(STATUS.notIncluded);
      }
    });

    it("finds nothing in anchors that are not there, or are another's", async () => {
      const p = await settled();
      const other = await anchor(p, p.bob, new RecordBatch(someRecords(6, "bob's")));
      const nothing = await p.batchAnchors.anchorId(p.bob.address, p.batch.root);
      for (const id of [other, nothing, ZeroHash]) expect(await verify(p, { id })).to.equal(STATUS.notIncluded);
    });
  });

  describe("revoking one record", () => {
    it("is the owner's, keeps the reason, and leaves the others as they are", async () => {
      const p = await settled();
      const events = expectExecuted(await p.alice.call(p.batchAnchors, "revokeLeaf", [p.id, INDEX, REASON]));
      expectEvent(events, "LeafRevoked", [p.id, INDEX, p.alice.address, REASON]);
      expect(await verify(p)).to.equal(STATUS.revoked);
      expect(await p.batchAnchors.revocationOf(p.id, INDEX)).to.equal(REASON);
      for (const index of [0, 1, 3, 4, 5]) {
        expect(await verify(p, { ...proofAt(p, index), record: p.inputs[index] as RecordInput })).to.equal(
          STATUS.valid,
        );
      }
      expect(await p.batchAnchors.revocationOf(p.id, 0)).to.equal(ZeroHash);
    });

    it("leaves another owner's anchor of the same batch as it is", async () => {
      const p = await settled();
      const copy = await anchor(p, p.bob, p.batch);
      expectExecuted(await p.bob.call(p.batchAnchors, "revokeLeaf", [copy, INDEX, REASON]));
      expect(await verify(p)).to.equal(STATUS.valid);
      expect(await verify(p, { id: copy })).to.equal(STATUS.revoked);
    });

    it("is refused to others, without a reason, twice, and where there is no such record", async () => {
      const p = await settled();
      const attempt = (who: Participant, ...args: unknown[]) => who.call(p.batchAnchors, "revokeLeaf", args);
      expectReverted(await attempt(p.bob, p.id, 0, REASON), "AnchorNotOwner", [p.id, p.bob.address]);
      expectReverted(await attempt(p.alice, p.id, 0, ZeroHash), "AnchorReasonMissing", []);
      expectReverted(await attempt(p.alice, REASON, 0, REASON), "AnchorUnknown", [REASON]);
      expectReverted(await attempt(p.alice, p.id, 6, REASON), "AnchorIndexOutOfRange", [p.id, 6, 6]);
      expectExecuted(await attempt(p.alice, p.id, 5, REASON));
      expectReverted(await attempt(p.alice, p.id, 5, REASON), "AnchorLeafRevoked", [p.id, 5]);
    });
  });
});

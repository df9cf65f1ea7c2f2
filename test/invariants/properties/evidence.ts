import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { named, type Property } from "./property.ts";

const EFFECTIVE = 2n;

export const EVIDENCE: readonly Property[] = [
  {
    title: "a chained object has no fork: its links are the accepted ones, in their order",
    check: async ({ records, object }, history) => {
      const { links } = history;
      const [, length, head] = (await records.objectOf(object)) as unknown as [string, bigint, string];
      expect(length).to.equal(BigInt(links.length));
      if (links.length > 0) expect(head).to.equal(links.at(-1));
      for (const { args } of named(history, "Linked")) {
        expect(args[2]).to.equal(BigInt(links.length - 1));
        expect(args[3]).to.equal(links.at(-2) ?? ZeroHash);
      }
    },
  },
  {
    title: "a record never changes but for its status, which goes one way",
    check: (_, __, before, after) => {
      for (const [id, [recordedAt, kind, algorithm, status]] of before.records) {
        const now = after.records.get(id) ?? [];
        expect(now.slice(0, 3)).to.deep.equal([recordedAt, kind, algorithm]);
        expect(status === 1n || now[3] === status).to.equal(true);
      }
    },
  },
  {
    title: "a record is made only by an account that may record evidence",
    check: async ({ certifications }, history) => {
      for (const { args } of named(history, "Recorded")) {
        const responsible = await certifications.requireEvidence(args[1] as string);
        expect(responsible === ZeroAddress || args.includes(responsible)).to.equal(true);
      }
    },
  },
  {
    title: "an agreement is in effect exactly when every party has confirmed it",
    check: async ({ agreements, everybody }, { agreements: ids }) => {
      for (const id of ids) {
        const { status, parties } = await agreements.agreementOf(id);
        let confirmed = 0n;
        for (const { address } of everybody) if (await agreements.hasConfirmed(id, address)) confirmed++;
        expect(status === EFFECTIVE).to.equal(confirmed === parties);
      }
    },
  },
  {
    title: "a confirmation is given and taken back by the party itself, before the deadline",
    check: async ({ agreements }, history, _, { block }) => {
      for (const name of ["AgreementConfirmed", "ConfirmationWithdrawn"]) {
        for (const { args } of named(history, name)) {
          expect(named(history, "Charged")[0]?.args[0]).to.equal(args[1]);
          const { lastBlock } = await agreements.agreementOf(args[0] as string);
          expect(BigInt(block) <= lastBlock).to.equal(true);
        }
      }
    },
  },
  {
    title: "an anchor keeps its root, count and owner, and only its owner revokes a record of it",
    check: async ({ batchAnchors }, history) => {
      for (const { args } of named(history, "LeafRevoked")) {
        const [id, index, owner, reason] = args as [string, bigint, string, string];
        const { root, count } = await batchAnchors.anchorOf(id);
        expect(named(history, "Charged")[0]?.args[0]).to.equal(owner);
        expect(await batchAnchors.anchorId(owner, root)).to.equal(id);
        expect(index < count).to.equal(true);
        expect(await batchAnchors.revocationOf(id, index)).to.equal(reason);
      }
      expect(new Set(history.anchors).size).to.equal(history.anchors.length);
    },
  },
  {
    title: "a custody root is accepted only with the total that the exchange held at the end of its block",
    check: (_, history) => {
      for (const { args } of named(history, "CustodyProven")) {
        const [block, tree] = [Number(args[3]), args[4] as [string, bigint, bigint]];
        expect(tree[1]).to.equal(history.custody.findLast((entry) => entry.block <= block)?.holding);
      }
    },
  },
];

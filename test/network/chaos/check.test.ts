import { expect } from "chai";
import { type Answer, check, type NodeChain, type Place } from "../../../src/network/chaos/check.ts";

const place = (blockNumber: number, changes: Partial<Place> = {}): Place => ({
  ...{ blockNumber, blockHash: `block ${blockNumber}`, transactionHash: `bundle ${blockNumber}`, logIndex: 3 },
  ...changes,
});

function chain(node: string, operations: Record<string, Place[]>, commonHash = "same"): NodeChain {
  return { node, head: 9, commonHash, operations: new Map(Object.entries(operations)) };
}

const included = (operation: string, blockNumber: number): Answer => ({ operation, end: "included", blockNumber });

describe("The check of what clients were told", () => {
  const kinds = (...found: ReturnType<typeof check>) => found.map(({ kind, node }) => `${kind} ${node ?? ""}`.trim());

  it("finds nothing where every node has what was told", () => {
    const answers: Answer[] = [included("op", 5), { operation: "late", end: "expired" }];
    expect(
      check(
        answers,
        ["a", "b", "c"].map((node) => chain(node, { op: [place(5)] })),
      ),
    ).to.deep.equal([]);
  });

  it("finds an operation that a node does not have", () => {
    const chains = [chain("a", { op: [place(5)] }), chain("b", {})];
    expect(kinds(...check([included("op", 5)], chains))).to.deep.equal(["lost b"]);
  });

  it("finds one that stands in another block than was told", () => {
    const chains = [chain("a", { op: [place(6)] }), chain("b", { op: [place(6)] })];
    expect(kinds(...check([included("op", 5)], chains))).to.deep.equal(["elsewhere a", "elsewhere b"]);
  });

  it("finds one that stands twice", () => {
    const chains = [chain("a", { op: [place(5), place(6)] })];
    expect(kinds(...check([included("op", 5)], chains))).to.deep.equal(["twice a"]);
  });

  it("finds one whose place differs between nodes, in any part of it", () => {
    for (const other of [{ blockHash: "other" }, { transactionHash: "other" }, { logIndex: 4 }]) {
      const chains = [chain("a", { op: [place(5)] }), chain("b", { op: [place(5, other)] })];
      expect(kinds(...check([included("op", 5)], chains)), JSON.stringify(other)).to.deep.equal(["nodes-differ b"]);
    }
  });

  it("finds one that was told to have expired and stands in a block", () => {
    const chains = [chain("a", {}), chain("b", { op: [place(5)] })];
    expect(kinds(...check([{ operation: "op", end: "expired" }], chains))).to.deep.equal(["expired-included b"]);
  });

  it("finds chains that have come apart", () => {
    expect(kinds(...check([], [chain("a", {}), chain("b", {}, "other")]))).to.deep.equal(["chains-differ b"]);
  });

  it("finds operations without an end", () => {
    expect(kinds(...check([], [chain("a", {})], ["op"]))).to.deep.equal(["unended"]);
  });
});

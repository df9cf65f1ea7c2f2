import { expect } from "chai";
import type { Document } from "../../../examples/food-traceability/documents.ts";
import type { Stop } from "../../../examples/food-traceability/picture.ts";
import type { Fault, Verdict } from "../../../examples/food-traceability/stranger.ts";
import { isFound } from "../../../examples/food-traceability/verdict.ts";
import { createRecordInput } from "../../../src/sdk/index.ts";

const DIGEST = `0x${"ab".repeat(32)}`;
const expected = { code: "document.altered", victim: "step 1" } as const;

function stopOf(index: number): Stop {
  const input = createRecordInput({ digest: DIGEST });
  const document: Document = { kind: "event", name: `step ${index}`, export: "farm", time: undefined, input };
  return {
    ...{ index, digest: DIGEST, recordedAt: new Date(0), block: 1, recorder: "0x", level: "real-name" },
    ...{ partner: "Farm", document, confirmed: true },
  };
}

function verdictOf(...faults: Omit<Fault, "explanation">[]): Verdict {
  const explained = faults.map((fault) => ({ ...fault, explanation: "" }));
  return { confirmed: faults.length === 0, stops: [stopOf(0), stopOf(1)], faults: explained };
}

const honest = verdictOf();

describe("isFound", () => {
  it("is true for the right fault at the right link, alone", () => {
    expect(isFound({ expected }, verdictOf({ code: "document.altered", index: 1 }), honest)).to.equal(true);
  });

  it("is false where nothing was found", () => {
    expect(isFound({ expected }, honest, honest)).to.equal(false);
  });

  it("is false for another fault, another link, or more than that", () => {
    const right = { code: "document.altered", index: 1 } as const;
    const wrong = [
      verdictOf({ ...right, code: "document.missing" }),
      verdictOf({ ...right, index: 0 }),
      verdictOf({ ...right, index: undefined }),
      verdictOf(right, { ...right, index: 0 }),
    ];
    for (const verdict of wrong) expect(isFound({ expected }, verdict, honest)).to.equal(false);
  });

  it("is false where the honest documents do not have the victim", () => {
    const verdict = verdictOf({ code: "document.altered", index: 1 });
    expect(isFound({ expected: { ...expected, victim: "step 7" } }, verdict, honest)).to.equal(false);
  });
});

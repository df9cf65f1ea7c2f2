import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import fc from "fast-check";
import colours from "picocolors";
import type { Document } from "../../../examples/food-traceability/documents.ts";
import { drawTimeline, type Stop } from "../../../examples/food-traceability/picture.ts";
import { createRecordInput } from "../../../src/sdk/index.ts";

const FARM = "0x1111111111111111111111111111111111111111";
const SHOP = "0x2222222222222222222222222222222222222222";
const plain = colours.createColors(false);

function stopOf(index: number, changes: Partial<Stop> = {}): Stop {
  const document = {
    ...{
      kind: "event",
      name: "farm: harvesting",
      export: "farm",
      input: createRecordInput({ digest: new Uint8Array(32) }),
    },
    time: "2026-04-05T11:30:00.000+08:00",
  } as const satisfies Document;
  return {
    ...{ index, digest: `0x${"ab".repeat(32)}`, recordedAt: new Date(Date.UTC(2026, 10, 21)), block: 42, document },
    ...{ recorder: FARM, partner: "Farm", level: "real-name", confirmed: true, ...changes },
  };
}

describe("drawTimeline", () => {
  it("shows who recorded what, when and with which digest", () => {
    const picture = drawTimeline([stopOf(0)], plain).join("\n");
    for (const text of ["Farm", "0x111111…1111", "real-name", "2026-11-21 00:00:00 UTC", "block 42"]) {
      expect(picture).to.include(text);
    }
    expect(picture).to.match(/✓ {3}1 {2}2026-04-05 11:30 {2}harvesting +abababab…abab/);
  });

  it("joins what one account recorded in a row, and no more", () => {
    const heads = (stops: Stop[]) => drawTimeline(stops, plain).filter((line) => line.startsWith("┌─"));
    const shop = (index: number) => stopOf(index, { recorder: SHOP, partner: "Shop" });
    expect(heads([stopOf(0), stopOf(1), shop(2), stopOf(3)])).to.have.length(3);
  });

  it("marks what is not confirmed, and what nobody handed over", () => {
    const lines = drawTimeline([stopOf(0), stopOf(1, { confirmed: false, document: undefined })], plain);
    expect(lines.filter((line) => line.includes("✓"))).to.have.length(1);
    expect(lines.find((line) => line.includes("✗"))).to.include("(no document)");
  });

  it("draws boxes whose lines are all as wide, in colour too", () => {
    const names = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 90 });
    fc.assert(
      fc.property(names, names, fc.integer({ min: 0, max: 998 }), fc.boolean(), (partner, name, index, confirmed) => {
        const document = { ...(stopOf(0).document as Document), name, kind: confirmed ? "event" : "file" } as const;
        const lines = drawTimeline([stopOf(index, { partner, confirmed, document })], colours.createColors(true));
        expect(new Set(lines.map((line) => stripVTControlCharacters(line).length))).to.deep.equal(new Set([78]));
      }),
    );
  });
});

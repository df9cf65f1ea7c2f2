import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { now } from "../support/chain.ts";
import { addressOf, CALLERS } from "./callers.ts";
import { functionsOf, matrixText, type Row, rowsOf } from "./matrix.ts";
import { find, OURS, rulesOf } from "./ours.ts";
import { refusalOf } from "./refusal.ts";
import { stage } from "./stage.ts";

const DOCUMENT = new URL("../../../docs/contracts.md", import.meta.url);
const MARKS = ["<!-- matrix begins: made by the access tests -->", "<!-- matrix ends -->"] as const;

describe("Who may call what", () => {
  for (const name of OURS) {
    it(`is said of every function of ${name} that changes state`, async () => {
      const rules = (await rulesOf(name))(await stage(), (await now()) + 3_600);
      expect(Object.keys(rules).sort()).to.deep.equal(functionsOf(name));
    });

    it(`holds for ${name}, whoever calls`, async () => {
      const p = await stage();
      const contract = await find(p, name);
      const rules = (await rulesOf(name))(p, (await now()) + 3_600);
      for (const [fn, { args, may, refusal, blocked = [] }] of Object.entries(rules)) {
        for (const caller of CALLERS) {
          const answer = await refusalOf(contract, fn, args, addressOf(p, caller));
          const passes = answer === undefined || !refusal.includes(answer) || blocked.includes(caller);
          const expected = may === "everybody" || may.includes(caller);
          const text = `${caller} -> ${name}.${fn}: ${answer ?? "passes"}`;
          expect(passes, text).to.equal(expected);
          if (!expected) expect(refusal, text).to.include(answer);
        }
      }
    });
  }

  it("stands in docs/contracts.md as the contracts answer (BROP_WRITE_DOCS=1 writes it there)", async () => {
    const contracts = new Map<string, Row[]>();
    for (const name of OURS) {
      const p = await stage();
      const rows = await rowsOf(p, await find(p, name), (await rulesOf(name))(p, (await now()) + 3_600));
      if (rows.length > 0) contracts.set(name, rows);
    }
    const text = readFileSync(DOCUMENT, "utf8");
    const [begin, end] = MARKS.map((mark) => text.indexOf(mark)) as [number, number];
    const made = `${text.slice(0, begin + MARKS[0].length)}\n\n${matrixText(contracts)}\n\n${text.slice(end)}`;
    if (process.env.BROP_WRITE_DOCS === "1") writeFileSync(DOCUMENT, made);
    else expect(text).to.equal(made);
  });
});

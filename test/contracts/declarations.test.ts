import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const sources = globSync("contracts/**/*.sol", { cwd: ROOT, exclude: ["contracts/testing/**"] });
const tests = globSync("test/contracts/**/*.test.ts", { cwd: ROOT });
const testText = tests.map((file) => readFileSync(ROOT + file, "utf8")).join("\n");

/** Names of what the contracts declare with a keyword. */
function declared(keyword: "error" | "event"): string[] {
  const pattern = new RegExp(`^\\s*${keyword} (\\w+)\\s*\\(`, "gm");
  return sources.flatMap((file) =>
    [...readFileSync(ROOT + file, "utf8").matchAll(pattern)].map(([, name]) => name ?? ""),
  );
}

// A test that names an error or event fails unless it was really raised: see the expectations in support/.
describe("The contracts declare", () => {
  for (const keyword of ["error", "event"] as const) {
    it(`no ${keyword} that no test of theirs expects by name`, () => {
      const names = declared(keyword);
      expect(names.length).to.be.greaterThan(20);
      expect(names.filter((name) => !testText.includes(`"${name}"`))).to.deep.equal([]);
    });
  }

  it("no error that no contract raises", () => {
    const text = sources.map((file) => readFileSync(ROOT + file, "utf8")).join("\n");
    const unused = declared("error").filter((name) => !new RegExp(`revert (\\w+\\.)?${name}\\(`).test(text));
    expect(unused).to.deep.equal([]);
  });
});

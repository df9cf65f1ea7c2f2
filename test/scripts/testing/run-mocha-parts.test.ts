import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const PROGRAM = fileURLToPath(new URL("../../../scripts/testing/run-mocha-parts.ts", import.meta.url));

describe("tests in several processes", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "brop-parts-"));
    mkdirSync(join(folder, "tests"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const testFile = (name: string, body: string) => writeFileSync(join(folder, "tests", `${name}.test.mjs`), body);

  function run(...args: string[]): Promise<{ code: number; output: string; counts: unknown }> {
    const counts = join(folder, "counts.json");
    const all = [PROGRAM, "--counts", counts, ...args, join(folder, "tests", "*.test.mjs")];
    return new Promise((resolve) => {
      execFile(process.execPath, all, (error, output) => {
        const code = error === null ? 0 : Number(error.code);
        resolve({ code, output, counts: JSON.parse(readFileSync(counts, "utf8")) });
      });
    });
  }

  it("run each file once, whatever the number of processes", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) testFile(name, `it("is ${name}", () => {});`);
    for (const parts of ["1", "2", "3"]) {
      const { code, output, counts } = await run("--parts", parts);
      expect(code).to.equal(0);
      expect(counts).to.deep.equal({ passed: 5, failed: 0, skipped: 0 });
      expect(output.match(/is [a-e]/g)?.sort()).to.deep.equal(["is a", "is b", "is c", "is d", "is e"]);
    }
  });

  it("fail when one of them fails", async () => {
    testFile("a", `it("is well", () => {});`);
    testFile("b", `it("is not", () => { throw new Error("no"); });`);
    testFile("c", `it.skip("is left out", () => {});`);
    const { code, output, counts } = await run();
    expect(code).to.equal(1);
    expect(counts).to.deep.equal({ passed: 1, failed: 1, skipped: 1 });
    expect(output).to.include("Error: no");
  });

  it("count a process that crashed as failed", async () => {
    testFile("a", `it("is well", () => {});`);
    testFile("b", `it("ends everything", () => process.exit(3));`);
    const { code, counts } = await run();
    expect(code).to.equal(1);
    expect(counts).to.deep.equal({ passed: 1, failed: 1, skipped: 0 });
  });
});

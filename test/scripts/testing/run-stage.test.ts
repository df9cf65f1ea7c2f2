import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { summaryLine } from "../../../scripts/testing/counts.ts";
import { judge, runStage } from "../../../scripts/testing/run-stage.ts";
import type { Stage } from "../../../scripts/testing/stages.ts";
import { temporaryTree, writeTree } from "../temporary-tree.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MOCHA = join(ROOT, "scripts/testing/run-mocha.ts");
const TEST_COMMAND = join(ROOT, "scripts/test.ts");

describe("counts of a stage", () => {
  it("are what the runner wrote", () => {
    expect(judge({ passed: 3, failed: 0, skipped: 1 }, 0, false)).to.deep.equal({ passed: 3, failed: 0, skipped: 1 });
    expect(judge({ passed: 3, failed: 2, skipped: 0 }, 1, false)).to.deep.equal({ passed: 3, failed: 2, skipped: 0 });
  });

  it("are one failure when the runner crashed before it counted", () => {
    expect(judge(undefined, 1, false)).to.deep.equal({ passed: 0, failed: 1, skipped: 0 });
    expect(judge(undefined, 0, false)).to.deep.equal({ passed: 0, failed: 1, skipped: 0 });
  });

  it("hold a failure when the runner failed though every test passed", () => {
    expect(judge({ passed: 3, failed: 0, skipped: 0 }, 1, false)).to.deep.equal({ passed: 3, failed: 1, skipped: 0 });
  });

  it("are a failure when no test ran, unless only certain tests were asked for", () => {
    expect(judge({ passed: 0, failed: 0, skipped: 0 }, 0, false)).to.deep.equal({ passed: 0, failed: 1, skipped: 0 });
    expect(judge({ passed: 0, failed: 0, skipped: 0 }, 0, true)).to.deep.equal({ passed: 0, failed: 0, skipped: 0 });
  });

  it("make a line that names skipped tests only where there are some", () => {
    expect(summaryLine({ passed: 12, failed: 0, skipped: 0 })).to.equal("12 passed, 0 failed");
    expect(summaryLine({ passed: 12, failed: 1, skipped: 3 })).to.equal("12 passed, 1 failed, 3 skipped");
  });
});

describe("mocha stage", () => {
  let tree: ReturnType<typeof temporaryTree>;
  beforeEach(() => {
    tree = temporaryTree({});
  });
  afterEach(() => tree.remove());

  /** Runs a stage over the given test files, without showing their output. */
  async function countsOf(files: Record<string, string>, grep?: string) {
    writeTree(tree.root, files);
    const stage: Stage = { name: "own", title: "own", kind: "tests", command: [MOCHA, "**/*.test.js"], files: [] };
    return runStage(stage, { root: tree.root, grep, long: false, output: "ignore", onStart: () => {} });
  }

  it("counts what passed, failed and was skipped", async () => {
    const counts = await countsOf({
      "a.test.js": 'it("a", () => {}); it("b", () => { throw new Error("no"); }); it.skip("c", () => {});',
      "b.test.js": 'it("d", () => {});',
    });
    expect(counts).to.deep.equal({ passed: 2, failed: 1, skipped: 1 });
  });

  it("runs only the tests whose title matches", async () => {
    expect(await countsOf({ "a.test.js": 'it("one", () => {}); it("two", () => {});' }, "two")).to.deep.equal({
      passed: 1,
      failed: 0,
      skipped: 0,
    });
  });

  it("fails when a test leaves something running", async function () {
    this.timeout(30_000);
    const counts = await countsOf({ "a.test.js": 'it("a", () => { setInterval(() => {}, 1000); });' });
    expect(counts).to.deep.equal({ passed: 1, failed: 1, skipped: 0 });
  });

  it("fails when a test file does not load", async () => {
    expect(await countsOf({ "a.test.js": 'throw new Error("no");' })).to.deep.equal({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });
});

describe("test command", () => {
  it("refuses the name of a stage that does not exist and lists those that do", () => {
    const { status, stderr } = spawnSync(process.execPath, [TEST_COMMAND, "--only", "imports,nonsense"], {
      encoding: "utf8",
    });
    expect(status).to.equal(1);
    expect(stderr).to.match(/^There is no stage nonsense\. Stages: format, .*imports/);
  });

  it("ends with the counts of the whole run alone on a line", () => {
    const { status, stdout } = spawnSync(process.execPath, [TEST_COMMAND, "--only", "imports"], { encoding: "utf8" });
    expect(stdout.trimEnd().split("\n").at(-1)).to.equal(status === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
  });
});

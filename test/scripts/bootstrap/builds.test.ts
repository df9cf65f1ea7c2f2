import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isBuilt, runBuild } from "../../../scripts/bootstrap/builds.mjs";
import { BootstrapError } from "../../../scripts/bootstrap/failure.mjs";
import { temporaryTree } from "../temporary-tree.ts";

const COPY = 'require("fs").cpSync("in", "out", { recursive: true })';
const BUILD = {
  name: "copy",
  inputs: ["in", "settings.json"],
  outputs: ["out"],
  stamp: "made/stamp",
  steps: [["-e", COPY]],
};

describe("a build", () => {
  let tree: ReturnType<typeof temporaryTree>;
  beforeEach(async () => {
    tree = temporaryTree({ "in/a": "one", "in/deep/b": "two", "settings.json": "{}" });
    expect(isBuilt(tree.root, BUILD)).to.equal(false);
    await runBuild(tree.root, BUILD, process.execPath);
  });
  afterEach(() => tree.remove());

  it("is up to date after it ran, also when only times changed", () => {
    expect(isBuilt(tree.root, BUILD)).to.equal(true);
    utimesSync(join(tree.root, "in/a"), new Date(), new Date());
    expect(isBuilt(tree.root, BUILD)).to.equal(true);
  });

  for (const [what, change] of Object.entries({
    "changed in content": (root: string) => writeFileSync(join(root, "in/a"), "other"),
    "was added": (root: string) => writeFileSync(join(root, "in/deep/c"), ""),
    "was removed": (root: string) => rmSync(join(root, "settings.json")),
  })) {
    it(`is out of date when an input ${what}`, () => {
      change(tree.root);
      expect(isBuilt(tree.root, BUILD)).to.equal(false);
    });
  }

  it("is out of date when its output is gone", () => {
    rmSync(join(tree.root, "out"), { recursive: true });
    expect(isBuilt(tree.root, BUILD)).to.equal(false);
  });

  it("is out of date when something else changed its output", () => {
    writeFileSync(join(tree.root, "out/a"), "instrumented");
    expect(isBuilt(tree.root, BUILD)).to.equal(false);
  });

  it("that fails says the step's output and stays out of date", async () => {
    const failing = {
      ...BUILD,
      stamp: "made/failing",
      steps: [["-e", 'console.error("line 7 is wrong"); process.exit(1)']],
    };
    let failure: unknown;
    await runBuild(tree.root, failing, process.execPath).catch((error: unknown) => {
      failure = error;
    });
    expect(failure).to.be.instanceOf(BootstrapError);
    expect((failure as Error).message).to.contain("line 7 is wrong");
    expect(isBuilt(tree.root, failing)).to.equal(false);
  });
});

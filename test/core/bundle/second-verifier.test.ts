import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CONTENT } from "../../support/bundles/evidence-network.ts";

const VERIFIER = join(import.meta.dirname, "../../../tools/verify-python/verify.py");
const VECTORS = join(import.meta.dirname, "../../vectors/bundles");

/** Runs the verifier in Python. */
function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile("python3", ["-B", VERIFIER, ...args], (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

describe("The second verifier of proof bundles, in Python", function () {
  this.timeout(120_000);
  let folder = "";

  before(function () {
    if (spawnSync("python3", ["--version"]).status !== 0) this.skip();
    folder = mkdtempSync(join(tmpdir(), "brop-bundle-"));
  });
  after(() => folder !== "" && rmSync(folder, { recursive: true }));

  const bundle = (name: string) => join(VECTORS, "files", `${name}.json`);
  const trust = join(VECTORS, "trust/genesis.json");

  it("gives the same statements as BROP's own for every published vector", async () => {
    expect(await run("--vectors", join(VECTORS, "vectors.json"))).to.include({ code: 0, stdout: "0 cases differ\n" });
  });

  it("says what came of a bundle and a file by its exit code", async () => {
    const file = join(folder, "lot.txt");
    writeFileSync(file, CONTENT);
    expect((await run(bundle("record"), file, "--trust", trust)).code).to.equal(0);
    writeFileSync(file, "other data");
    const other = await run(bundle("record"), file, "--trust", trust, "--json");
    expect(other.code).to.equal(3);
    expect(JSON.parse(other.stdout)).to.include({ state: "failed", reason: "content.differs" });
    expect((await run(bundle("record-revoked"), "--trust", trust)).code).to.equal(3);
    expect((await run(bundle("record"))).stdout).to.contain("MISSING: trust.missing");
  });

  it("refuses files and starts that it can not read", async () => {
    const broken = join(folder, "trust.json");
    writeFileSync(broken, readFileSync(trust, "utf8").replace('"osakaTime": 0', '"osakaTime": 1'));
    for (const args of [
      [join(folder, "none.json")],
      [bundle("record"), "--trust", broken],
      [bundle("record"), "--trust", folder],
    ]) {
      const { code, stderr } = await run(...args);
      expect([code, stderr]).to.deep.equal([2, stderr]);
      expect(stderr).to.contain("can not be read");
    }
  });
});

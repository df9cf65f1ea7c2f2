import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import { takeDataFolder } from "../../src/platform/data-folder.ts";

describe("a data folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "brop-data-folder-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is made when it is not there, and says where things lie in it", () => {
    const root = join(folder, "made", "data");
    const data = takeDataFolder(root, ["chain"]);
    expect(data).to.include({ root, keys: join(root, "keys"), genesis: join(root, "genesis.json") });
    expect(readdirSync(root)).to.deep.equal(["locks"]);
    data.release();
    expect(readdirSync(join(root, "locks"))).to.deep.equal([]);
  });

  it("lets each part be done by one process at a time, different parts by different ones", () => {
    const root = join(folder, "parts");
    const chain = takeDataFolder(root, ["chain"]);
    const api = takeDataFolder(root, ["api"]);
    const error = refusal(() => takeDataFolder(root, ["indexer", "api"]));
    expect(error.code).to.equal("data.locked");
    expect(error.details).to.deep.equal({ directory: root, pid: process.pid });
    // What a refused start had taken is free again.
    takeDataFolder(root, ["indexer"]).release();
    api.release();
    takeDataFolder(root, ["api"]).release();
    chain.release();
  });

  it("leaves nothing behind when the start comes to nothing, but never what somebody put there", () => {
    const root = join(folder, "undone", "data");
    takeDataFolder(root, ["chain"]).release(true);
    expect(existsSync(join(folder, "undone"))).to.equal(false);

    mkdirSync(join(folder, "kept"));
    const kept = takeDataFolder(join(folder, "kept", "data"), ["chain"]);
    writeFileSync(kept.genesis, "{}");
    kept.release(true);
    expect(readdirSync(join(folder, "kept", "data"))).to.deep.equal(["genesis.json"]);
  });

  it("is refused where it can not be written", () => {
    writeFileSync(join(folder, "file"), "");
    const error = refusal(() => takeDataFolder(join(folder, "file", "data"), ["chain"]));
    expect(error.code).to.equal("data.not-writable");
    expect(error.details).to.include({ directory: join(folder, "file", "data"), reason: "ENOTDIR" });
  });
});

function refusal(work: () => unknown): BropError {
  try {
    work();
  } catch (error) {
    if (error instanceof BropError) return error;
    throw error;
  }
  throw new Error("It was not refused");
}

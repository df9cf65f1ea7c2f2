import { expect } from "chai";
import { Cleanup } from "../../src/platform/cleanup.ts";

describe("cleaning up", () => {
  it("closes what was opened last first, also after a failure, and tells the first failure", async () => {
    const done: string[] = [];
    const cleanup = new Cleanup();
    for (const name of ["folder", "database", "chain"]) {
      cleanup.add(async () => {
        done.push(name);
        if (name !== "folder") throw new Error(`${name} failed`);
      });
    }
    const error = await cleanup.run().catch((thrown) => thrown);
    expect(done).to.deep.equal(["chain", "database", "folder"]);
    expect(error.message).to.equal("chain failed");
  });

  it("happens once, however often it is asked for", async () => {
    let times = 0;
    const cleanup = new Cleanup();
    cleanup.add(() => times++);
    await Promise.all([cleanup.run(), cleanup.run()]);
    await cleanup.run();
    expect(times).to.equal(1);
  });
});

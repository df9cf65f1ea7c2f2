import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { withLock } from "../../../scripts/bootstrap/lock.mjs";
import { temporaryTree } from "../temporary-tree.ts";

const LOCK_MODULE = new URL("../../../scripts/bootstrap/lock.mjs", import.meta.url).href;

/** Number of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid!;
}

describe("lock", () => {
  let tree: ReturnType<typeof temporaryTree>;
  let path: string;
  beforeEach(() => {
    tree = temporaryTree({});
    path = join(tree.root, "lock");
  });
  afterEach(() => tree.remove());

  const unexpected = () => expect.fail("waited for nobody");

  it("is held while the work runs and gone afterwards, also when the work fails", async () => {
    const value = await withLock(path, unexpected, async () => readFileSync(path, "utf8"));
    expect(value).to.equal(String(process.pid));
    expect(existsSync(path)).to.equal(false);
    const failure = await withLock(path, unexpected, () => Promise.reject(new Error("broken"))).catch(String);
    expect(failure).to.equal("Error: broken");
    expect(existsSync(path)).to.equal(false);
  });

  it("keeps two processes from working at once, and says once that it waits", async () => {
    const log = join(tree.root, "log");
    const script = `
      import { appendFileSync } from "node:fs";
      import { setTimeout as sleep } from "node:timers/promises";
      import { withLock } from ${JSON.stringify(LOCK_MODULE)};
      await withLock(${JSON.stringify(path)}, () => console.log("waiting"), async () => {
        appendFileSync(${JSON.stringify(log)}, "in ");
        await sleep(600);
        appendFileSync(${JSON.stringify(log)}, "out ");
      });`;
    const children = [1, 2].map(() => spawn(process.execPath, ["--input-type=module", "--eval", script]));
    const outputs = children.map(async (child) => {
      let text = "";
      child.stdout.on("data", (chunk) => {
        text += chunk;
      });
      await once(child, "close");
      return text;
    });
    expect((await Promise.all(outputs)).sort()).to.deep.equal(["", "waiting\n"]);
    expect(readFileSync(log, "utf8")).to.equal("in out in out ");
  });

  it("is taken over from a process that died with it", async () => {
    writeFileSync(path, String(await endedProcess()));
    expect(await withLock(path, unexpected, async () => "worked")).to.equal("worked");
  });

  it("is taken over when its holder has given no sign of life for a minute", async () => {
    writeFileSync(path, String(process.pid));
    const longAgo = new Date(Date.now() - 61_000);
    utimesSync(path, longAgo, longAgo);
    expect(await withLock(path, unexpected, async () => "worked")).to.equal("worked");
  });
});

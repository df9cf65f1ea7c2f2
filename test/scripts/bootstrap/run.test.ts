import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";

const RUN_MODULE = new URL("../../../scripts/bootstrap/run.mjs", import.meta.url).href;

/** Starts a process that runs `script` through `runCommand`, as npm's scripts do; with npm's shell in between if asked. */
function start(script: string, shell = false): { parent: ChildProcess; lines: AsyncIterator<string> } {
  const wrapper = `
    import { runCommand } from ${JSON.stringify(RUN_MODULE)};
    const args = ["--eval", ${JSON.stringify(script)}];
    process.exitCode = await runCommand(process.execPath, args, { cwd: process.cwd(), env: process.env });`;
  const command = [process.execPath, "--input-type=module", "--eval", wrapper];
  // The second command keeps the shell from becoming the first one.
  const [program, ...args] = shell ? ["sh", "-c", '"$0" "$@"; exit $?', ...command] : command;
  const env = { ...process.env, npm_lifecycle_event: "start" };
  const parent = spawn(program!, args, { stdio: ["pipe", "pipe", "inherit"], env });
  return { parent, lines: createInterface(parent.stdout!)[Symbol.asyncIterator]() };
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  return (await lines.next()).value;
}

describe("command runner", () => {
  before(function () {
    // Windows has no signals between processes.
    if (process.platform === "win32") this.skip();
  });

  it("passes input, output and exit code through", async () => {
    const { parent, lines } = start(
      'process.stdin.once("data", (data) => { console.log("got " + data); process.exit(7); })',
    );
    parent.stdin!.write("this");
    expect(await nextLine(lines)).to.equal("got this");
    expect(await once(parent, "exit")).to.deep.equal([7, null]);
  });

  it("hands on Ctrl-C once, though npm repeats it, and waits for a clean stop", async () => {
    const { parent, lines } = start(`
      let count = 0;
      process.on("SIGINT", () => { if (++count === 1) setTimeout(() => { console.log("stopped after " + count); process.exit(0); }, 400); });
      setInterval(() => {}, 1000);
      console.log("ready");`);
    expect(await nextLine(lines)).to.equal("ready");
    parent.kill("SIGINT");
    await sleep(50);
    parent.kill("SIGINT");
    expect(await nextLine(lines)).to.equal("stopped after 1");
    expect(await once(parent, "exit")).to.deep.equal([0, null]);
  });

  it("reports a program that a signal ended as shells do", async () => {
    const { parent, lines } = start('console.log("ready"); setInterval(() => {}, 1000)');
    await nextLine(lines);
    parent.kill("SIGTERM");
    expect(await once(parent, "exit")).to.deep.equal([128 + 15, null]);
  });

  it("leaves no program and no child of it behind when it is killed hard", async () => {
    const { parent, lines } = start(`
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      console.log(process.pid + " " + child.pid);
      setInterval(() => {}, 1000);`);
    const pids = (await nextLine(lines)).split(" ").map(Number);
    expect(pids.map(isAlive)).to.deep.equal([true, true]);
    parent.kill("SIGKILL");
    for (let tries = 0; tries < 100 && pids.some(isAlive); tries++) await sleep(50);
    expect(pids.map(isAlive)).to.deep.equal([false, false]);
  });

  it("stops the program when the shell that npm put in between is gone", async () => {
    const { parent, lines } = start("console.log(process.pid); setInterval(() => {}, 1000)", true);
    const pid = Number(await nextLine(lines));
    expect(isAlive(pid)).to.equal(true);
    parent.kill("SIGTERM");
    for (let tries = 0; tries < 100 && isAlive(pid); tries++) await sleep(50);
    expect(isAlive(pid)).to.equal(false);
  });

  it("does not keep a program alive that has nothing more to do", async () => {
    const { parent } = start("setTimeout(() => {}, 50)");
    expect(await once(parent, "exit")).to.deep.equal([0, null]);
  });
});

/** False too for a process that ended but was not yet taken note of by its parent; it still takes signals. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

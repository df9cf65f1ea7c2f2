import { spawn } from "node:child_process";
import { constants } from "node:os";

const FORWARDED = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
/** npm passes Ctrl-C on although the terminal has sent it to everyone: the second one within this time is the same. */
const SAME_SIGNAL_MS = 1_000;
const PARENT_POLL_MS = 500;

/**
 * Runs a program with this process's input and output, and ends as it ends.
 *
 * The program gets a process group of its own, so that a terminal's Ctrl-C reaches it once, through here, and it can
 * stop cleanly while this process waits. When this process is killed hard, `follow-parent.mjs` ends the group.
 *
 * @param {string} node the Node to run with
 * @param {string[]} args script and arguments
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} exit code; 128 + number when a signal ended the program
 */
export function runCommand(node, args, { cwd, env }) {
  const follow = new URL("follow-parent.mjs", import.meta.url).href;
  const child = spawn(node, ["--import", follow, ...args], {
    cwd,
    env: { ...env, BROP_FOLLOW_PARENT: String(process.pid) },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    detached: process.platform !== "win32",
  });
  /** @type {Map<string, number>} */
  const lastSent = new Map();
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      const now = Date.now();
      if (now - (lastSent.get(signal) ?? 0) < SAME_SIGNAL_MS) return;
      lastSent.set(signal, now);
      child.kill(signal);
    });
  }
  if (env.npm_lifecycle_event) onParentGone(() => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
}

/**
 * npm runs its scripts through a shell. SIGTERM to npm ends that shell, which passes nothing on.
 * @param {() => void} stop
 */
function onParentGone(stop) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_POLL_MS);
  timer.unref();
}

import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const HEARTBEAT_MS = 2_000;
/** A living process that missed this much is another one that got the same number, or is stuck. */
const STALE_MS = 60_000;
const POLL_MS = 250;

/**
 * Runs `work` while this process holds the lock file, so that two commands started together do not install or
 * build the same things at once. A lock whose holder died is taken over.
 *
 * @template T
 * @param {string} path the lock file; it holds the number of the process that has the lock
 * @param {() => void} onWait called once when another process has the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what `work` returned
 */
export async function withLock(path, onWait, work) {
  let waited = false;
  while (!acquire(path)) {
    if (isStale(path)) {
      removeStale(path);
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await sleep(POLL_MS);
  }
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  const release = () => rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off("exit", release);
    release();
  }
}

/**
 * The file appears with its content or not at all: a link, unlike a write, can not be seen half done.
 * @param {string} path
 */
function acquire(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** @param {string} path */
function isStale(path) {
  try {
    const holder = Number(readFileSync(path, "utf8"));
    return !isAlive(holder) || Date.now() - statSync(path).mtimeMs > STALE_MS;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/**
 * Renamed before it is removed: of two that found it stale, only one renames the stale file; the other may catch
 * a fresh lock, sees that, and puts it back.
 * @param {string} path
 */
function removeStale(path) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    if (!isStale(aside)) linkSync(aside, path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" && codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @param {string} path */
function touch(path) {
  const now = new Date();
  utimesSync(path, now, now);
}

/** @param {number} pid */
function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

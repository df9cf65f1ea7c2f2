import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { BropError } from "../../core/errors.ts";
import { logOf } from "./nodes.ts";
import { servicesLog } from "./services.ts";
import { lastLines, type Trial } from "./trial.ts";

export interface LogLine {
  /** Node, or `services`. */
  source: string;
  line: string;
}

const SERVICES = "services";
const POLL_MS = 300;

/** Logs of a network by their source. @param source only this one. @throws BropError `request.invalid` for an unknown one */
export function logFiles(trial: Trial, source?: string): Map<string, string> {
  const all = new Map(trial.record.nodes.map((node) => [node.name, logOf(trial, node)]));
  all.set(SERVICES, servicesLog(trial));
  if (source === undefined) return all;
  const path = all.get(source);
  if (path === undefined) {
    const reason = `must be one of ${[...all.keys()].join(", ")}`;
    throw new BropError("request.invalid", { field: "NODE", reason, value: source });
  }
  return new Map([[source, path]]);
}

/** The last lines of each log. */
export function readLogs(files: ReadonlyMap<string, string>, count: number): LogLine[] {
  return [...files].flatMap(([source, path]) => lastLines(path, count).map((line) => ({ source, line })));
}

/** Tells each line that is written from now on, until the signal. */
export async function followLogs(
  files: ReadonlyMap<string, string>,
  tell: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Map([...files].map(([source, path]) => [source, existsSync(path) ? statSync(path).size : 0]));
  const rest = new Map<string, string>();
  while (!signal.aborted) {
    for (const [source, path] of files) {
      const { text, size } = readFrom(path, seen.get(source) ?? 0);
      seen.set(source, size);
      const lines = ((rest.get(source) ?? "") + text).split("\n");
      rest.set(source, lines.pop() ?? "");
      for (const line of lines) tell({ source, line });
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** What stands in a file from an offset on; from the beginning when it was emptied meanwhile. */
function readFrom(path: string, offset: number): { text: string; size: number } {
  if (!existsSync(path)) return { text: "", size: 0 };
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const from = size < offset ? 0 : offset;
    const bytes = Buffer.alloc(size - from);
    const read = readSync(file, bytes, 0, bytes.length, from);
    return { text: bytes.subarray(0, read).toString("utf8"), size: from + read };
  } finally {
    closeSync(file);
  }
}

import { basename } from "node:path";
import type { DigestProgress } from "../core/digest.ts";
import type { GlobalOptions } from "./options.ts";
import { printable } from "./table.ts";

/** Smaller files are read before anybody could see a bar. */
const WORTH_SHOWING = 32 * 1024 * 1024;
const CELLS = 30;
const CLEAR_LINE = "\r\u001b[K";

/** What a bar needs of a terminal. */
export interface Terminal {
  isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Shows how far the reading of a large file is; on a terminal only.
 * @returns undefined where there is nothing to show to
 */
export function progressBar(
  path: string,
  { json, quiet }: Pick<GlobalOptions, "json" | "quiet">,
  terminal: Terminal = process.stderr,
): DigestProgress | undefined {
  if (terminal.isTTY !== true || json || quiet) return undefined;
  let shown = -1;
  return (done, total) => {
    if (total === undefined || total < WORTH_SHOWING) return;
    const percent = Math.floor((done / total) * 100);
    if (percent === shown) return;
    shown = percent;
    terminal.write(done >= total ? CLEAR_LINE : `${CLEAR_LINE}${barOf(percent)} ${printable(basename(path))}`);
  };
}

function barOf(percent: number): string {
  const full = Math.floor((percent / 100) * CELLS);
  return `${"█".repeat(full)}${"░".repeat(CELLS - full)} ${String(percent).padStart(3)} %`;
}

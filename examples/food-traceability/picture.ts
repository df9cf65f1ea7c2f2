import type { Colors } from "picocolors/types.js";
import type { Document } from "./documents.ts";

/** One link as it is drawn. */
export interface Stop {
  index: number;
  /** Digest, `0x` and 64 digits. */
  digest: string;
  /** Time of the block. */
  recordedAt: Date;
  block: number;
  /** Account that recorded it. */
  recorder: string;
  /** Partner that answers for the account: its own, or the one that certified it; undefined where there is none. */
  partner: string | undefined;
  /** Level of that certification. */
  level: string;
  /** What was handed over for it; undefined when nothing was. */
  document: Document | undefined;
  confirmed: boolean;
}

/** What stands in a line of a box. */
export const LEGEND = "found · number · when and what, as the document says · its SHA-256, on the chain";

const WIDTH = 78;
const INNER = WIDTH - 4;
const NAME_WIDTH = 31;
const TITLE_WIDTH = 60;

/** The timeline of an object as boxes, one for each partner in turn, joined by arrows. */
export function drawTimeline(stops: readonly Stop[], paint: Colors): string[] {
  const boxes = visits(stops).map((visit) => drawVisit(visit, paint));
  return boxes.flatMap((box, index) => (index === 0 ? box : [paint.dim("      │"), paint.dim("      ▼"), ...box]));
}

/** A digest as people compare it: its first and last digits. */
export function shortDigest(digest: string): string {
  return `${digest.slice(2, 10)}…${digest.slice(-4)}`;
}

/** A time as it was on the clock of the place. @param time RFC 3339 */
export function placeTime(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}

/** A moment in UTC, to the second. */
export function utcTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Consecutive links that one account recorded. */
function visits(stops: readonly Stop[]): [Stop, ...Stop[]][] {
  const found: [Stop, ...Stop[]][] = [];
  for (const stop of stops) {
    const last = found.at(-1);
    if (last?.[0].recorder === stop.recorder) last.push(stop);
    else found.push([stop]);
  }
  return found;
}

function drawVisit(stops: readonly [Stop, ...Stop[]], paint: Colors): string[] {
  const [{ partner, recorder, level, recordedAt, block }] = stops;
  const title = ` ${fitted(partner ?? "nobody known", TITLE_WIDTH)} `;
  const clerk = `account ${recorder.slice(0, 8)}…${recorder.slice(-4)}, certified ${level}`;
  const when = `${utcTime(recordedAt)}, block ${block}`;
  const edge = (text: string) => paint.dim(text);
  return [
    `${edge("┌─")}${paint.bold(paint.cyan(title))}${edge(`${"─".repeat(WIDTH - 3 - title.length)}┐`)}`,
    framed(paint.dim(clerk.padEnd(INNER)), paint),
    framed(paint.dim(`recorded ${when}`.padEnd(INNER)), paint),
    ...stops.map((stop) => framed(drawStop(stop, paint), paint)),
    edge(`└${"─".repeat(WIDTH - 2)}┘`),
  ];
}

/** One link in one line: found or not, number, when, what, digest on the chain. */
export function drawStop({ index, digest, document, confirmed }: Stop, paint: Colors): string {
  const mark = confirmed ? paint.green("✓") : paint.red("✗");
  const number = String(index + 1).padStart(3);
  const time = (document?.kind === "event" ? placeTime(document.time ?? "") : "").padEnd(16);
  const name = fitted(document === undefined ? "(no document)" : nameOf(document), NAME_WIDTH).padEnd(NAME_WIDTH);
  const shown = confirmed ? name : paint.red(name);
  return `${mark} ${number}  ${time}  ${shown}  ${paint.yellow(shortDigest(digest))}${" ".repeat(INNER - 71)}`;
}

function nameOf({ kind, name }: Document): string {
  if (kind === "file") return `└ file ${name}`;
  return name.slice(name.indexOf(": ") + 2);
}

function fitted(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function framed(line: string, paint: Colors): string {
  return `${paint.dim("│")} ${line} ${paint.dim("│")}`;
}

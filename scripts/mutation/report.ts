import { readFileSync, writeFileSync } from "node:fs";
import type { Counts } from "../testing/counts.ts";
import { oneLine, sameMeaning } from "./equivalents.ts";
import type { Mutant } from "./mutants.ts";
import type { Verdict } from "./worker.ts";

/** Share of a folder's mutants that its tests have to kill. */
const GOAL = 0.9;
const BEGIN = "<!-- figures: npm run mutation -- --write -->";
const END = "<!-- end of figures -->";

/** A judged mutant. */
export interface Judged {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

/** Killed and survived mutants; those that do not compile or mean the same as before are none. */
export interface Score {
  readonly killed: number;
  readonly total: number;
  /** Survived, and mean the same as before. */
  readonly same: number;
}

export function scoreOf(judged: readonly Judged[]): Score {
  const killed = judged.filter(({ verdict }) => verdict.state === "killed").length;
  const survived = judged.filter(({ verdict }) => verdict.state === "survived");
  const same = survived.filter(({ mutant }) => sameMeaning(mutant) !== undefined).length;
  return { killed, total: killed + survived.length - same, same };
}

/** `12 of 13 killed (92.3 %)` */
export function scoreText(score: Score): string {
  return `${score.killed} of ${score.total} killed (${share(score)} %)`;
}

/** A test a folder: passed when enough of its mutants were killed. */
export function countsOf(judged: readonly Judged[]): Counts {
  const scores = [...byFolder(judged).values()].map(scoreOf);
  const passed = scores.filter(({ killed, total }) => killed >= GOAL * total).length;
  return { passed, failed: scores.length - passed, skipped: 0 };
}

/** One line a contract, one a folder and one for all, as a table of Markdown. */
export function tableOf(judged: readonly Judged[]): string {
  const line = (name: string, list: readonly Judged[]) => {
    const score = scoreOf(list);
    return `| ${name} | ${list.length} | ${score.same} | ${score.total} | ${score.killed} | ${share(score)} |`;
  };
  const rows = [...byFolder(judged)].flatMap(([folder, list]) => [
    line(`**${folder}**`, list),
    ...[...Map.groupBy(list, ({ mutant }) => mutant.file)].map(([file, own]) => line(nameOf(file), own)),
  ]);
  const head = ["| | changes tried | mean the same | mutants | killed | % |", "|---|---|---|---|---|---|"];
  return [...head, ...rows, line("**all**", judged)].join("\n");
}

/** What a mutant changes, for the reader. */
export function changeOf({ file, line, before, text, mutator }: Mutant): string {
  return `${file}:${line} ${mutator}: ${shortened(before)} -> ${shortened(text)}`;
}

/**
 * Replaces the figures in a document.
 *
 * @param sample what was tried, in words
 */
export function writeFigures(document: string, judged: readonly Judged[], sample: string): void {
  const text = readFileSync(document, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${document} has no place for the figures`);
  const survivors = judged
    .filter(({ mutant, verdict }) => verdict.state === "survived" && sameMeaning(mutant) === undefined)
    .map(({ mutant }) => changeOf(mutant));
  const list = survivors.length === 0 ? "None survived." : `Survivors:\n\n\`\`\`\n${survivors.join("\n")}\n\`\`\``;
  const figures = `${BEGIN}\n\n${sample}\n\n${tableOf(judged)}\n\n${list}\n\n`;
  writeFileSync(document, text.slice(0, begin) + figures + text.slice(end));
}

function byFolder(judged: readonly Judged[]): Map<string, Judged[]> {
  return Map.groupBy(judged, ({ mutant }) => mutant.file.split("/")[1] ?? "");
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1, -".sol".length);
}

function share({ killed, total }: Score): string {
  return total === 0 ? "-" : ((100 * killed) / total).toFixed(1);
}

function shortened(text: string): string {
  return oneLine(text).slice(0, 160);
}

import type { Mutant } from "./mutants.ts";
import type { Verdict } from "./worker.ts";

/** A judged mutant. */
export interface Judged {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

/** Killed and survived mutants; those that do not compile or change nothing are none. */
export interface Score {
  readonly killed: number;
  readonly total: number;
}

export function scoreOf(judged: readonly Judged[]): Score {
  const count = (state: Verdict["state"]) => judged.filter(({ verdict }) => verdict.state === state).length;
  return { killed: count("killed"), total: count("killed") + count("survived") };
}

/** `12 of 13 killed (92.3 %)` */
export function scoreText({ killed, total }: Score): string {
  const share = total === 0 ? "-" : `${((100 * killed) / total).toFixed(1)} %`;
  return `${killed} of ${total} killed (${share})`;
}

/** One line a folder and one a contract, as a table of Markdown. */
export function tableOf(judged: readonly Judged[]): string {
  const rows = [...Map.groupBy(judged, ({ mutant }) => mutant.file)].map(([file, list]) => ({ file, list }));
  const folders = [...Map.groupBy(judged, ({ mutant }) => mutant.file.split("/")[1] ?? "")];
  const line = (name: string, list: readonly Judged[]) => {
    const { killed, total } = scoreOf(list);
    const share = total === 0 ? "" : ((100 * killed) / total).toFixed(1);
    return `| ${name} | ${list.length} | ${total} | ${killed} | ${share} |`;
  };
  return [
    "| | tried | mutants | killed | % |",
    "|---|---|---|---|---|",
    ...rows.map(({ file, list }) => line(file, list)),
    ...folders.map(([folder, list]) => line(`**${folder}/**`, list)),
    line("**all**", judged),
  ].join("\n");
}

/** What a mutant changes, for the reader. */
export function changeOf({ file, line, before, text, mutator }: Mutant): string {
  return `${file}:${line} ${mutator}: ${oneLine(before)} -> ${oneLine(text)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 160);
}

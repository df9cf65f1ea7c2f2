import { join } from "node:path";
import { copyFolder, FORGERIES, type Forgery } from "./forgeries.ts";
import { drawStop, drawTimeline, LEGEND, utcTime } from "./picture.ts";
import { bar, type Progress } from "./progress.ts";
import { type Fault, lookUpAlone, type Verdict, verifyAsStranger } from "./stranger.ts";
import { isFound } from "./verdict.ts";
import { wrap } from "./wrap.ts";

const ALONE = "certificate.pdf";
const INDENT = "      ";
const WIDTH = 74;

/** What a stranger is given. */
export interface Handed {
  url: string;
  /** The code on the tin. */
  object: string;
  /** Folder of the honest documents. */
  honest: string;
  /** Where forged copies may be put. */
  folder: string;
}

/** A forgery, and what the stranger said to it. */
export interface Judged {
  title: string;
  deed: string;
  /** Whether it was found and named rightly. */
  found: boolean;
  faults: Fault[];
}

/** Lets the stranger verify the honest documents, and then a copy with each of the forgeries. */
export async function judge(progress: Progress, handed: Handed) {
  progress.act("3  A stranger verifies: an address, the code on the tin, the documents, and no key");
  const honest = await progress.step("The honest documents", (show) =>
    verifyAsStranger(handed.url, handed.object, handed.honest, (file, done, total) =>
      show(`${file} ${bar(done, total)}`),
    ),
  );
  progress.line();
  progress.line(`  ${progress.paint.dim(LEGEND)}`);
  for (const line of drawTimeline(honest.stops, progress.paint)) progress.line(`  ${line}`);
  progress.line();
  progress.line(`  ${verdictLine(progress, honest)}`);
  const alone = await lookUpAlone(handed.url, join(handed.honest, ALONE), handed.object);
  progress.line(
    alone === undefined
      ? `  ${progress.paint.red(`${ALONE} alone leads to no valid record.`)}`
      : `  ${ALONE} alone leads to its record too: ${alone.partner}, ${utcTime(alone.recordedAt)}, ${alone.status}.`,
  );

  progress.act("4  Forgers try");
  const forgeries: Judged[] = [];
  for (const [index, forgery] of FORGERIES.entries()) {
    forgeries.push(await judgeForgery(progress, handed, forgery, join(handed.folder, `forged-${index + 1}`), honest));
  }
  const passed = honest.confirmed && alone !== undefined && forgeries.every(({ found }) => found);
  const timeline = honest.stops.map(({ document, ...stop }) => ({ document: document?.name ?? null, ...stop }));
  return {
    passed,
    honest: { confirmed: honest.confirmed, faults: honest.faults, timeline },
    alone: alone ?? null,
    forgeries,
  };
}

async function judgeForgery(
  progress: Progress,
  { url, object, honest: from }: Handed,
  forgery: Forgery,
  folder: string,
  honest: Verdict,
): Promise<Judged> {
  const { title, deed } = forgery;
  await copyFolder(from, folder);
  await forgery.commit(folder);
  const verdict = await progress.step(`${sentence(title)}: the forger ${deed}`, () =>
    verifyAsStranger(url, object, folder),
  );
  for (const stop of verdict.stops.filter(({ confirmed }) => !confirmed)) {
    progress.line(`${INDENT}${drawStop(stop, progress.paint).trimEnd()}`);
  }
  for (const { explanation } of verdict.faults) {
    for (const line of wrap(explanation, WIDTH)) progress.line(`${INDENT}${line}`);
  }
  const found = isFound(forgery, verdict, honest);
  const { green, red } = progress.paint;
  progress.line(`${INDENT}${found ? green("Found, and named.") : red("NOT found, or not named rightly.")}`);
  return { title, deed, found, faults: verdict.faults };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function verdictLine({ paint }: Progress, { confirmed, stops, faults }: Verdict): string {
  if (confirmed) return paint.green(`Confirmed: ${stops.length} links, none altered, missing, moved or added.`);
  return paint.red(`NOT confirmed: ${faults.map(({ explanation }) => explanation).join("; ")}`);
}

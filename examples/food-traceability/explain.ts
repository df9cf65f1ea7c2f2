import type { TimelineVerification } from "../../src/sdk/index.ts";
import type { Document } from "./documents.ts";
import { type Stop, shortDigest, utcTime } from "./picture.ts";

/** What a fault means, in one sentence that names the document, the link and who recorded it. */
export function explain(
  fault: TimelineVerification["faults"][number],
  stops: readonly Stop[],
  documents: readonly Document[],
): string {
  const stop = stops.find(({ index }) => index === fault.index);
  const document = "document" in fault && fault.document !== undefined ? documents[fault.document] : undefined;
  const { name = "", input } = document ?? {};
  const link = stop === undefined ? "" : `link ${stop.index + 1}, ${recordedBy(stop)}`;
  switch (fault.code) {
    case "document.altered":
      return `${name} is not what was recorded: its digest is ${shortDigest(input?.digest ?? "")}, that of ${link}, is ${shortDigest(stop?.digest ?? "")}`;
    case "document.missing":
      return `a link is missing: nothing was handed over for ${link}${between(stop, stops)}`;
    case "document.unrecorded":
      return `${name} was never recorded for this lot: no link has its digest ${shortDigest(input?.digest ?? "")} or its key`;
    case "document.misnamed":
      return `${name} stands under another's name: its content is that of ${link}`;
    case "document.reordered":
      return `${name} claims another place in the story than ${link}`;
    default:
      return fault.explanation;
  }
}

function recordedBy({ partner, recordedAt }: Stop): string {
  return `recorded by ${partner ?? "an account for which no partner answers"} on ${utcTime(recordedAt)}`;
}

function between(stop: Stop | undefined, stops: readonly Stop[]): string {
  if (stop === undefined) return "";
  const place = stops.indexOf(stop);
  const [before, after] = [stops[place - 1]?.document?.name, stops[place + 1]?.document?.name];
  return before === undefined || after === undefined ? "" : `, between ${before} and ${after}`;
}

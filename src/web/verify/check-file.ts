import { recognise, type SpecialFile } from "../bundle/recognise.ts";
import { type FileVerdict, lookUpFile, type OnStage } from "./lookup.ts";

/** What became of a file that a visitor gave. */
export type FileResult = SpecialFile | { readonly kind: "data"; readonly verdict: FileVerdict };

/**
 * Looks up what is on record for a file, unless it is one that is checked or used by itself.
 * @throws BropError `file.unreadable`, or as the query interface answers
 */
export async function checkFile(file: File, signal: AbortSignal, onStage: OnStage): Promise<FileResult> {
  const special = await recognise(file);
  return special ?? { kind: "data", verdict: await lookUpFile(file, signal, onStage) };
}

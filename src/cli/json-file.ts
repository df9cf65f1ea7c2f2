import { readFile } from "node:fs/promises";
import { parseStrict } from "../core/canonical-json.ts";
import { BropError } from "../core/errors.ts";

/** @throws BropError `file.not-found`, `file.unreadable`, `canonical.invalid`, `request.malformed` */
export async function readJson(path: string): Promise<unknown> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw withPath(error, path);
  }
  return parseStrict(bytes);
}

function withPath(error: unknown, path: string): BropError {
  const known = BropError.from(error);
  return known.code === "service.internal"
    ? new BropError("file.unreadable", { path }, undefined, { cause: error })
    : new BropError(known.code, { path }, undefined, { cause: error });
}

import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { canonicalBytes } from "../core/canonical-json.ts";
import { BropError } from "../core/errors.ts";
import { bytesToHex, digestBytes } from "../sdk/index.ts";
import type { IdentityOptions } from "./identity-options.ts";
import { readJson } from "./json-file.ts";
import type { Session } from "./session.ts";

/**
 * The digest of identity data that a certification names (ID-4). Names and card numbers can be guessed, so a random salt
 * goes with them: data with a member `salt` is taken as it is, else a salted copy is put beside the file, to be kept
 * by whoever certifies.
 *
 * @throws BropError `file.not-found`, `request.malformed`, `request.invalid`
 */
export async function identityDigest(session: Session, options: IdentityOptions): Promise<string> {
  const { identity, identityDigest: digest } = options;
  if (digest !== undefined && identity === undefined) return digest;
  if (identity === undefined || digest !== undefined) {
    return session.misuse("error: give one of --identity FILE and --identity-digest DIGEST");
  }
  const data = await readJson(identity);
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new BropError("request.invalid", { field: "--identity", reason: "must be a JSON object" });
  }
  const salted = "salt" in data ? data : await keepSalted(session, identity, data);
  if (typeof salted.salt !== "string" || salted.salt.length < 32) {
    throw new BropError("request.invalid", { field: "salt", reason: "must be a random text of 32 characters or more" });
  }
  return bytesToHex(digestBytes(canonicalBytes(salted)));
}

async function keepSalted(session: Session, path: string, data: object): Promise<{ salt: string }> {
  const salted = { ...data, salt: bytesToHex(randomBytes(32)) };
  const copy = `${path.replace(/\.json$/, "")}.salted.json`;
  try {
    await writeFile(copy, `${JSON.stringify(salted, null, 2)}\n`, { flag: "wx", mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const reason = `${basename(copy)} is there already: give that file, it is what was certified`;
    throw new BropError("request.invalid", { field: "--identity", reason });
  }
  session.output.note(`keep ${copy}: with it alone can the identity be shown to be the certified one`);
  return salted;
}

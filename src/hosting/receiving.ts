import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { BropError } from "../core/errors.ts";
import type { ContentHasher } from "./content-digests.ts";
import type { StagedFile } from "./staging.ts";

/** Written bytes after which it is made sure that they survive, so that a crash costs no more than these. */
const SYNC_EVERY = 64 * 1_048_576;

/** What a part has to come to (tus checksum extension). */
export interface Checksum {
  algorithm: "sha1" | "sha256" | "sha512" | "md5";
  value: Uint8Array;
}

export interface Receiving {
  file: StagedFile;
  /** Where the upload stands. */
  from: number;
  /** How long it will be. */
  size: number;
  checksum: Checksum | undefined;
  /** Sees every byte that is taken. */
  hasher: ContentHasher | undefined;
  heard: () => void;
  /** Told when nothing more comes. */
  ending: () => void;
  /** Writes down up to where the bytes are safe. */
  note: (position: number) => Promise<void>;
}

/**
 * Takes the bytes of one request into an upload's file, in constant memory. What came before a connection broke or the
 * disk was full counts; a part with a checksum counts as a whole or not at all, and so does one that is too long.
 *
 * @throws BropError `upload.cut-off`, `upload.too-long`, `upload.checksum-wrong`, `store.full`
 */
export async function receive(body: Readable, receiving: Receiving): Promise<void> {
  const { file, from, size, checksum, hasher, heard, ending, note } = receiving;
  const check = checksum === undefined ? undefined : createHash(checksum.algorithm);
  let taken = from;
  let noted = from;
  try {
    for await (const bytes of arriving(body)) {
      heard();
      if (taken + bytes.length > size) throw new BropError("upload.too-long", { size });
      await file.append(bytes);
      taken += bytes.length;
      hasher?.update(bytes);
      check?.update(bytes);
      if (check !== undefined || file.position - noted < SYNC_EVERY) continue;
      await file.sync();
      noted = file.position;
      await note(noted);
    }
    ending();
    if (checksum !== undefined && !check?.digest().equals(checksum.value)) {
      throw new BropError("upload.checksum-wrong", { algorithm: checksum.algorithm });
    }
    await file.sync();
  } catch (error) {
    ending();
    const whole = check !== undefined || (error instanceof BropError && error.code === "upload.too-long");
    if (whole) await file.cut(from);
    // The disk may be full: what it took before counts.
    else await file.sync().catch(() => undefined);
    if (file.position !== noted) await note(file.position);
    throw error;
  }
  await note(file.position);
}

async function* arriving(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    // What is refused half way leaves the connection open for the answer.
    for await (const bytes of body.iterator({ destroyOnReturn: false })) yield bytes as Uint8Array;
  } catch (cause) {
    throw new BropError("upload.cut-off", {}, undefined, { cause });
  }
  // One that was destroyed in silence ends like one that is complete.
  if (!body.readableEnded) throw new BropError("upload.cut-off");
}

import { BropError } from "../../core/errors.ts";
import { type ApiAccess, askApi } from "../requests.ts";

/** Bytes of a part: what is in memory, and what is sent again when a part fails. */
const PART = 8 * 1_048_576;
const ATTEMPTS = 6;
const FIRST_PAUSE = 500;

const VERSION = { "tus-resumable": "1.0.0" };

/** What an upload says about its file (tus `Upload-Metadata`). */
export type UploadMetadata = Readonly<Record<string, string | undefined>>;

export interface UploadOptions {
  size: number;
  metadata: UploadMetadata;
  /** Goes on with an upload that was begun before, of the same bytes. */
  resume?: { path: string; received: number } | undefined;
  onProgress?: ((sent: number, size: number) => void) | undefined;
  /** Bytes of a part. */
  part?: number;
}

/**
 * Sends a stream in parts, each with its checksum, and again where a part fails (tus 1.0.0): in memory is one part.
 *
 * @param onBytes sees every byte in order, also those that were sent before
 * @returns path of the file that it became
 * @throws BropError what was refused for good
 */
export async function uploadStream(
  access: ApiAccess,
  stream: ReadableStream<Uint8Array>,
  { size, metadata, resume, onProgress, part = PART }: UploadOptions,
  onBytes: (bytes: Uint8Array) => void,
): Promise<string> {
  const path = resume?.path ?? (await begin(access, size, metadata));
  const skip = resume?.received ?? 0;
  let offset = 0;
  let file: string | null = null;
  for await (const bytes of inParts(stream, part, skip)) {
    onBytes(bytes);
    if (offset >= skip) file = await sendPart(access, path, offset, bytes);
    offset += bytes.length;
    onProgress?.(offset, size);
  }
  if (offset !== size) throw new BropError("upload.cut-off", { sent: offset, size });
  // All of it was there before.
  file ??= (await askApi(access, "HEAD", path, { headers: VERSION })).headers.get("content-location");
  if (file === null) throw new BropError("upload.cut-off", { sent: offset, size });
  return file;
}

async function begin(access: ApiAccess, size: number, metadata: UploadMetadata): Promise<string> {
  const pairs = Object.entries(metadata).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const said = pairs.map(([name, text]) => `${name} ${base64(new TextEncoder().encode(text))}`).join(",");
  const headers = { ...VERSION, "upload-length": String(size), ...(said === "" ? {} : { "upload-metadata": said }) };
  const answer = await askApi(access, "POST", "/v1/uploads", { headers });
  return answer.headers.get("location") ?? "";
}

/** @returns path of the file, when this part was the last one */
async function sendPart(
  access: ApiAccess,
  path: string,
  offset: number,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string | null> {
  const checksum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const headers = {
    ...VERSION,
    "content-type": "application/offset+octet-stream",
    "upload-offset": String(offset),
    "upload-checksum": `sha256 ${base64(checksum)}`,
  };
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await askApi(access, "PATCH", path, { headers, body: bytes });
      return answer.headers.get("content-location");
    } catch (thrown) {
      const error = BropError.from(thrown);
      if (!MAY_PASS.has(error.code) || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE * 2 ** (attempt - 1)));
    }
    // A part with a checksum is taken as a whole or not at all; the answer may have been lost.
    const state = await askApi(access, "HEAD", path, { headers: VERSION }).catch(() => undefined);
    if (state === undefined) continue;
    if (Number(state.headers.get("upload-offset")) === offset + bytes.length) {
      return state.headers.get("content-location");
    }
  }
}

const MAY_PASS: ReadonlySet<string> = new Set([
  ...["service.unavailable", "service.internal", "upload.busy", "upload.cut-off", "upload.checksum-wrong"],
  ...["upload.offset-wrong", "request.rate-limited", "store.full"],
]);

/** Parts of one length; what lies before `skip` comes apart from what lies behind it. */
async function* inParts(
  stream: ReadableStream<Uint8Array>,
  length: number,
  skip: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let part = new Uint8Array(skip > 0 ? Math.min(length, skip) : length);
  let filled = 0;
  let done = 0;
  const next = () => {
    const ended = part.subarray(0, filled);
    done += filled;
    filled = 0;
    part = new Uint8Array(done < skip ? Math.min(length, skip - done) : length);
    return ended;
  };
  const reader = stream.getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      for (let bytes = piece.value; bytes.length > 0; ) {
        const taken = bytes.subarray(0, part.length - filled);
        part.set(taken, filled);
        filled += taken.length;
        bytes = bytes.subarray(taken.length);
        if (filled === part.length) yield next();
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (filled > 0) yield next();
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

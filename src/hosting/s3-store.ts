import { open } from "node:fs/promises";
import { BropError } from "../core/errors.ts";
import { ContentMissing, type ContentStore, checkName, isName } from "./content-store.ts";
import { type S3Bucket, S3Client, tagged } from "./s3-client.ts";

const MIB = 1_048_576;
/** Bytes of a part, as long as there are not too many of them. */
const PART = 16 * MIB;
/** As S3 has it. */
const MOST_PARTS = 10_000;

/**
 * Contents as objects of a bucket, named by their digests. Every part is sent with its SHA-256, which the service compares;
 * an object appears whole, when its last part is there.
 */
export class S3Store implements ContentStore {
  readonly name: string;
  readonly #client: S3Client;
  readonly #part: number;

  /** @param part least bytes of a part */
  constructor(bucket: S3Bucket, part = PART) {
    this.#client = new S3Client(bucket);
    this.#part = part;
    this.name = `bucket ${this.#client.name}`;
  }

  /** @throws BropError `service.unavailable` where the bucket can not be read */
  async check(): Promise<void> {
    await this.#client.ask({ method: "GET", query: { "list-type": "2", "max-keys": "1" } });
  }

  async put(digest: string, path: string, size: number): Promise<void> {
    const object = checkName(digest);
    const part = Math.max(this.#part, Math.ceil(size / MOST_PARTS / MIB) * MIB);
    if (size <= part) {
      for await (const body of partsOf(path, part)) await this.#client.ask({ method: "PUT", object, body });
      return;
    }
    const begun = await this.#client.ask({ method: "POST", object, query: { uploads: "" } });
    const uploadId = tagged(await begun.text(), "UploadId");
    if (uploadId === undefined) throw new BropError("service.unavailable", { reason: "the bucket began no upload" });
    try {
      const etags: string[] = [];
      for await (const body of partsOf(path, part)) {
        const query = { partNumber: String(etags.length + 1), uploadId };
        const { headers } = await this.#client.ask({ method: "PUT", object, query, body });
        etags.push(headers.get("etag") ?? "");
      }
      const body = completion(etags);
      const ended = await (await this.#client.ask({ method: "POST", object, query: { uploadId }, body })).text();
      // The status was sent before the work was done.
      const fault = tagged(ended, "Code");
      if (fault !== undefined) throw new BropError("service.unavailable", { answer: fault });
    } catch (error) {
      await this.#client.ask({ method: "DELETE", object, query: { uploadId } }, [404]).catch(() => undefined);
      throw error;
    }
  }

  async *read(digest: string, from: number, to: number): AsyncIterable<Uint8Array> {
    const object = checkName(digest);
    const headers = { range: `bytes=${from}-${to - 1}` };
    const answer = await this.#client.ask({ method: "GET", object, headers }, [404, 416]);
    const isWhole = answer.status === 200 && from === 0;
    if (answer.body === null || !(answer.status === 206 || isWhole)) {
      await answer.body?.cancel();
      throw new ContentMissing(digest);
    }
    let left = to - from;
    try {
      for await (const bytes of answer.body) {
        yield bytes.subarray(0, left);
        left = Math.max(0, left - bytes.length);
      }
    } catch (cause) {
      throw new BropError("service.unavailable", { service: this.name }, undefined, { cause });
    }
    if (left > 0) throw new ContentMissing(digest);
  }

  async sizeOf(digest: string): Promise<number | undefined> {
    const answer = await this.#client.ask({ method: "HEAD", object: checkName(digest) }, [404]);
    return answer.status === 404 ? undefined : Number(answer.headers.get("content-length"));
  }

  async remove(digest: string): Promise<void> {
    await this.#client.ask({ method: "DELETE", object: checkName(digest) }, [404]);
  }

  async *list(): AsyncIterable<{ digest: string; size: number }> {
    let next: string | undefined;
    do {
      const query = { "list-type": "2", ...(next === undefined ? {} : { "continuation-token": next }) };
      const page = await (await this.#client.ask({ method: "GET", query })).text();
      for (const [, entry = ""] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        const digest = tagged(entry, "Key") ?? "";
        if (isName(digest)) yield { digest, size: Number(tagged(entry, "Size")) };
      }
      next = tagged(page, "NextContinuationToken");
    } while (next !== undefined);
  }
}

/** A file in parts, one of them in memory at a time. */
async function* partsOf(path: string, length: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await open(path, "r");
  try {
    for (let position = 0; ; ) {
      const part = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(part, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      if (filled > 0) yield part.subarray(0, filled);
      if (filled < length) return;
      position += filled;
    }
  } finally {
    await file.close();
  }
}

function completion(etags: readonly string[]): string {
  const parts = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join("")}</CompleteMultipartUpload>`;
}

import { createDigest } from "../../core/digest.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex } from "../../core/hex.ts";
import { type ApiAccess, askApi } from "../requests.ts";
import { decryptFile, encryptFile, type SizedStream } from "./encryption.ts";
import { uploadStream } from "./upload.ts";

/** A file as the platform tells of it (docs/hosting.md). */
export interface HostedFile {
  id: string;
  /** SHA-256 of its bytes as they are kept: of an encrypted file, of the encrypted ones. */
  digest: string;
  size: number;
  name: string;
  mediaType: string;
  visibility: "private" | "public";
  address: string;
  addressDigest: string;
  keptFrom: string;
  keptBy: string;
  retainUntil: string | null;
  until: string | null;
  deleted: { at: string; by: string; reason: string | null } | null;
}

/** What files took in a period. */
export interface FileUsage {
  tenant: string;
  from: string;
  to: string;
  files: number;
  byteMilliseconds: string;
  byteDays: string;
}

export interface PutOptions {
  name?: string;
  mediaType?: string;
  visibility?: "private" | "public";
  /** ISO 8601: end of its term. */
  until?: string;
  /** ISO 8601: nobody deletes it before. */
  retainUntil?: string;
  /** Recipients (`age1…`) for whom it is encrypted before it is sent. */
  encryptTo?: readonly string[];
  /** SHA-256 of the bytes, where it is known: with it an upload that was left is gone on with. Not with `encryptTo`. */
  digest?: string;
  onProgress?: (sent: number, size: number) => void;
  /** Bytes of a part; one part is in memory. */
  part?: number;
}

/**
 * Files that the platform keeps for the account of an API key (EV-7). What is sent and what comes back is compared by its
 * SHA-256 here, whatever the platform says; with `encryptTo` the platform never sees what it keeps.
 *
 * @example
 * const files = new Files({ url: "https://brop.example", key });
 * const { id } = await files.put(file, { name: file.name, encryptTo: [recipient] });
 * const bytes = await new Response(await files.get(id, { identities: [identity] })).arrayBuffer();
 */
export class Files {
  readonly #access: ApiAccess;

  constructor(access: ApiAccess) {
    this.#access = access;
  }

  /**
   * Stores a file of any size, in constant memory.
   * @throws BropError what was refused; `store.damaged` when the platform kept something else
   */
  async put(source: Blob | SizedStream, options: PutOptions = {}): Promise<HostedFile> {
    const { name, mediaType, visibility, until, retainUntil, encryptTo = [], digest, onProgress, part } = options;
    const plain = source instanceof Blob ? { stream: source.stream(), size: source.size } : source;
    const { stream, size } = encryptTo.length === 0 ? plain : await encryptFile(plain, encryptTo);
    const known = encryptTo.length === 0 ? digest : undefined;
    const whole = createDigest();
    const path = await uploadStream(
      this.#access,
      stream,
      {
        ...{ size, onProgress, resume: known === undefined ? undefined : await this.#left(known, size) },
        metadata: { filename: name, filetype: mediaType, visibility, until, retainUntil, sha256: known?.slice(2) },
        ...(part === undefined ? {} : { part }),
      },
      (bytes) => whole.update(bytes),
    );
    const file = await this.#json<HostedFile>("GET", path);
    if (file.digest !== bytesToHex(whole.digest())) throw new BropError("store.damaged", { file: file.id });
    return file;
  }

  /** What is told of a file, also after it was deleted. */
  info(id: string): Promise<HostedFile> {
    return this.#json("GET", pathOf(id));
  }

  /**
   * The bytes of a file. The stream fails at its end with `store.damaged` when all of it together is not what it should
   * be: use nothing of it before it has ended.
   *
   * @param options.identities `AGE-SECRET-KEY-1…`: decrypts it
   * @param options.digest SHA-256 that it has to have, for example of a record; by default what the platform says it has
   */
  async get(
    id: string,
    { identities = [], digest }: { identities?: readonly string[]; digest?: string } = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const expected = digest ?? (await this.info(id)).digest;
    const { body } = await askApi(this.#access, "GET", `${pathOf(id)}/content`);
    if (body === null) throw new BropError("service.unavailable");
    const checked = body.pipeThrough(comparing(expected));
    return identities.length === 0 ? checked : decryptFile(checked, identities);
  }

  /** Files of the account, newest first. */
  async *list({ deleted = false } = {}): AsyncGenerator<HostedFile> {
    let cursor = "";
    for (;;) {
      const page = await this.#json<{ items: HostedFile[]; next: string | null }>(
        "GET",
        `/v1/files?deleted=${deleted}&limit=200${cursor}`,
      );
      yield* page.items;
      if (page.next === null) return;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
  }

  /** Deletes a file; what is told of it stays. */
  remove(id: string, reason?: string): Promise<HostedFile> {
    const query = reason === undefined ? "" : `?reason=${encodeURIComponent(reason)}`;
    return this.#json("DELETE", `${pathOf(id)}${query}`);
  }

  /** What the files took in a period that is over; by default this month so far. */
  usage(period: { from?: string; to?: string; tenant?: string } = {}): Promise<FileUsage> {
    return this.#json("GET", `/v1/file-usage?${new URLSearchParams(period)}`);
  }

  /** An upload of these bytes that was begun and left. */
  async #left(digest: string, size: number): Promise<{ path: string; received: number } | undefined> {
    type Upload = { id: string; size: number; received: number; file: string | null };
    const { items } = await this.#json<{ items: Upload[] }>("GET", `/v1/uploads?digest=${digest}`);
    const left = items.find((upload) => upload.size === size && upload.file === null);
    return left === undefined ? undefined : { path: `/v1/uploads/${left.id}`, received: left.received };
  }

  async #json<Answer>(method: string, path: string): Promise<Answer> {
    return (await askApi(this.#access, method, path)).json() as Promise<Answer>;
  }
}

const pathOf = (id: string) => `/v1/files/${encodeURIComponent(id)}`;

/** Lets bytes through, and fails at their end when they do not have a SHA-256. */
function comparing(expected: string): TransformStream<Uint8Array, Uint8Array> {
  const digest = createDigest();
  return new TransformStream({
    transform(bytes, controller) {
      digest.update(bytes);
      controller.enqueue(bytes);
    },
    flush(controller) {
      const found = bytesToHex(digest.digest());
      if (found !== expected.toLowerCase())
        controller.error(new BropError("store.damaged", { digest: expected, found }));
    },
  });
}

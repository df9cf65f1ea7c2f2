import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { LRUCache } from "lru-cache";
import { BropError } from "../core/errors.ts";
import type { FileRow, Visibility } from "../store/queries/hosting/files.ts";
import { bytesInUse, lockQuota } from "../store/queries/hosting/quotas.ts";
import {
  deleteUpload,
  findUpload,
  insertUpload,
  listUploads,
  moveUpload,
  type UploadRow,
} from "../store/queries/hosting/uploads.ts";
import { ContentHasher } from "./content-digests.ts";
import type { Owner } from "./owner.ts";
import type { HostingParts } from "./parts.ts";
import { type Checksum, receive } from "./receiving.ts";
import { checkTimes, type FileTimes } from "./terms.ts";
import { type Writer, Writers } from "./writers.ts";

/** A file that somebody is about to send. */
export interface UploadRequest extends FileTimes {
  size: number;
  /** SHA-256 that it has to come to. */
  digest?: Uint8Array | undefined;
  name?: string | undefined;
  mediaType?: string | undefined;
  visibility?: Visibility | undefined;
}

/** Uploads whose digest is taken while they come; of others it is taken from the disk at the end. */
const HASHERS = 256;

/** Files on their way: begun, sent in parts over any number of connections, and then made into files. */
export class Uploads {
  readonly #parts: HostingParts;
  readonly #writers: Writers;
  readonly #hashers = new LRUCache<string, ContentHasher>({ max: HASHERS });
  readonly #finish: (upload: UploadRow, hasher: ContentHasher | undefined) => Promise<FileRow>;

  constructor(parts: HostingParts, finish: (upload: UploadRow, hasher: ContentHasher | undefined) => Promise<FileRow>) {
    this.#parts = parts;
    this.#writers = new Writers(parts.clock);
    this.#finish = finish;
  }

  /**
   * Begins an upload and sets room aside for it.
   * @throws BropError `request.invalid`, `file.too-large`, `file.quota-exceeded`, `store.full`
   */
  async begin(owner: Owner, request: UploadRequest): Promise<UploadRow> {
    const { db, staging, limits, clock } = this.#parts;
    const { size, digest = null, name = "", mediaType = "application/octet-stream", visibility = "private" } = request;
    const now = clock.now();
    if (size === 0) throw new BropError("request.invalid", { field: "size", reason: "an empty file proves nothing" });
    if (size > limits.largestFile) throw new BropError("file.too-large", { size, most: limits.largestFile });
    const times = checkTimes(request, now);
    const free = await staging.free();
    if (free - limits.reserve < size) throw new BropError("store.full", { size });
    const id = `upload_${randomBytes(16).toString("hex")}`;
    return db.transaction(async (tx) => {
      const quota = (await lockQuota(tx, owner.tenant)) ?? limits.quota;
      const { kept, arriving } = await bytesInUse(tx, owner.tenant);
      if (kept + arriving + size > quota) {
        throw new BropError("file.quota-exceeded", { size, quota, kept, arriving });
      }
      await insertUpload(tx, {
        ...{ id, folder: staging.id, size, digest, name, mediaType, visibility, ...times },
        ...{ tenant: owner.tenant, account: owner.account, principal: owner.principal },
        ...{ begunAt: now, expiresAt: now + limits.uploadPatience },
      });
      return (await findUpload(tx, id)) as UploadRow;
    });
  }

  list(owner: Owner, digest?: Uint8Array): Promise<UploadRow[]> {
    return listUploads(this.#parts.db, owner.tenant, digest);
  }

  /**
   * How far an upload is. One of which everything came, and whose file could not be made, is tried again.
   * @throws BropError `resource.not-found`, `upload.busy`, and as making the file does
   */
  async state(owner: Owner, id: string): Promise<UploadRow> {
    await this.#mustOwn(owner, id);
    return this.#writers.alone(
      id,
      () => undefined,
      async () => this.#finished(await this.#own(owner, id)),
    );
  }

  /**
   * Takes more of an upload; with its last byte the file is made.
   *
   * @param offset where the caller believes that it stands
   * @param length bytes of the body, where that is known
   * @throws BropError `resource.not-found`, `upload.busy`, `upload.offset-wrong`, `upload.too-long`, `upload.cut-off`,
   * `upload.checksum-wrong`, `upload.digest-differs`, `store.full`
   */
  async append(
    owner: Owner,
    id: string,
    { offset, length, checksum }: { offset: number; length?: number | undefined; checksum?: Checksum | undefined },
    body: Readable,
  ): Promise<UploadRow> {
    await this.#mustOwn(owner, id);
    return this.#writers.alone(
      id,
      () => body.destroy(),
      async (writer) => {
        const upload = await this.#own(owner, id);
        const { received, size } = upload;
        if (offset !== received) throw new BropError("upload.offset-wrong", { given: offset, offset: received });
        if (offset + (length ?? 0) > size) throw new BropError("upload.too-long", { size });
        if (received < size) await this.#receive(upload, body, checksum, writer);
        return this.#finished(await this.#own(owner, id));
      },
    );
  }

  /** Gives an upload up; a file that it became stays. @throws BropError `resource.not-found` */
  async end(owner: Owner, id: string): Promise<void> {
    await this.#mustOwn(owner, id);
    await this.discard(id);
  }

  /** Forgets an upload, whoever is sending to it. */
  discard(id: string): Promise<void> {
    const { db, staging } = this.#parts;
    const work = async () => {
      await deleteUpload(db, id);
      this.#hashers.delete(id);
      await staging.remove(id);
    };
    return this.#writers.alone(id, () => undefined, work, { urgent: true });
  }

  /** Makes the file of an upload of which everything came. */
  async complete(id: string): Promise<void> {
    await this.#writers.alone(
      id,
      () => undefined,
      async () => {
        const upload = await findUpload(this.#parts.db, id);
        if (upload !== undefined) await this.#finished(upload);
      },
    );
  }

  /** Ends what is being sent; all of it that is on disk is counted. */
  stop(): Promise<void> {
    return this.#writers.stop();
  }

  async #receive(upload: UploadRow, body: Readable, checksum: Checksum | undefined, writer: Writer): Promise<void> {
    const { id, received, size } = upload;
    const { staging } = this.#parts;
    const hasher = this.#hasherOf(id, received);
    this.#hashers.delete(id);
    let noted = received;
    const note = async (position: number) => {
      await this.#move(id, noted, position);
      noted = position;
    };
    const file = await staging.continue(id, received);
    try {
      const told = { heard: () => writer.heard(), ending: () => writer.ending(), note };
      await receive(body, { file, from: received, size, checksum, hasher, ...told });
    } finally {
      await file.close();
      if (hasher?.size === noted) this.#hashers.set(id, hasher);
    }
  }

  #hasherOf(id: string, received: number): ContentHasher | undefined {
    const hasher = received === 0 ? new ContentHasher() : this.#hashers.get(id);
    return hasher?.size === received ? hasher : undefined;
  }

  /** @throws BropError `resource.not-found` for an upload that was given up meanwhile */
  async #move(id: string, from: number, to: number): Promise<void> {
    const { db, clock, limits } = this.#parts;
    const moved = await moveUpload(db, id, from, to, clock.now() + limits.uploadPatience);
    if (!moved) throw new BropError("resource.not-found", { upload: id });
  }

  async #finished(upload: UploadRow): Promise<UploadRow> {
    if (upload.file !== null || upload.received < upload.size) return upload;
    // It can be asked for its digest once.
    const hasher = this.#hashers.get(upload.id);
    this.#hashers.delete(upload.id);
    try {
      const { id: file } = await this.#finish(upload, hasher);
      return { ...upload, file };
    } catch (error) {
      const wrong = error instanceof BropError && error.code === "upload.digest-differs";
      if (wrong) {
        await deleteUpload(this.#parts.db, upload.id);
        await this.#parts.staging.remove(upload.id);
      }
      throw error;
    }
  }

  /** @throws BropError `resource.not-found`; before anybody who is sending to it is disturbed */
  async #mustOwn(owner: Owner, id: string): Promise<UploadRow> {
    const { db, clock } = this.#parts;
    const upload = await findUpload(db, id);
    if (upload?.tenant !== owner.tenant || upload.expiresAt <= clock.now()) {
      throw new BropError("resource.not-found", { upload: id });
    }
    return upload;
  }

  /**
   * An upload of the tenant, as it really stands: bytes that the folder lost do not count.
   * @throws BropError `resource.not-found`, `service.unavailable` for one in another process's folder
   */
  async #own(owner: Owner, id: string): Promise<UploadRow> {
    const { staging } = this.#parts;
    const upload = await this.#mustOwn(owner, id);
    if (upload.file !== null) return upload;
    if (upload.folder !== staging.id) {
      throw new BropError("service.unavailable", { upload: id, reason: "another process takes this upload" });
    }
    const there = await staging.sizeOf(id);
    if (there >= upload.received) return upload;
    this.#parts.logger.error({ upload: id, received: upload.received, there }, "Bytes of an upload are lost");
    this.#hashers.delete(id);
    await this.#move(id, upload.received, there);
    return { ...upload, received: there };
  }
}

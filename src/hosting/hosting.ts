import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { BropError } from "../core/errors.ts";
import type { Database } from "../store/database.ts";
import { expectContent, keepContent, lockContent } from "../store/queries/hosting/contents.ts";
import { type FileRow, findFile, findKeptFile, insertFile } from "../store/queries/hosting/files.ts";
import { mendFindings } from "../store/queries/hosting/findings.ts";
import { finishUpload, type UploadRow } from "../store/queries/hosting/uploads.ts";
import { type ContentDigests, ContentHasher } from "./content-digests.ts";
import { Files } from "./files.ts";
import type { Owner } from "./owner.ts";
import type { HostingParts } from "./parts.ts";
import { type UploadRequest, Uploads } from "./uploads.ts";

/** Times that a content is put again, when it was removed just then because nobody else had it. */
const ATTEMPTS = 3;

/** Files kept for partners (EV-7): taken in, given out, ended. */
export class Hosting {
  readonly parts: HostingParts;
  readonly uploads: Uploads;
  readonly files: Files;

  constructor(parts: HostingParts) {
    this.parts = parts;
    this.files = new Files(parts);
    this.uploads = new Uploads(parts, (upload, hasher) => this.#finish(upload, hasher));
  }

  /**
   * Takes a file in one request: all of it or nothing.
   * @returns the file, and whether it is new
   * @throws BropError as `Uploads.begin` and `Uploads.append` do
   */
  async take(owner: Owner, request: UploadRequest, body: Readable): Promise<{ file: FileRow; isNew: boolean }> {
    const upload = await this.uploads.begin(owner, request);
    try {
      const sent = await this.uploads.append(owner, upload.id, { offset: 0 }, body);
      if (sent.file === null) throw new BropError("upload.cut-off", { received: sent.received, size: sent.size });
      const file = (await findFile(this.parts.db, sent.file)) as FileRow;
      return { file, isNew: file.keptFrom >= upload.begunAt };
    } finally {
      await this.uploads.discard(upload.id);
    }
  }

  /** Ends what is being sent. */
  stop(): Promise<void> {
    return this.uploads.stop();
  }

  /**
   * Makes the file of an upload of which everything came. Can be done again after a crash anywhere in it.
   * @throws BropError `upload.digest-differs`, `store.full`, `service.unavailable`
   */
  async #finish(upload: UploadRow, hasher: ContentHasher | undefined): Promise<FileRow> {
    const { db, store, staging, clock } = this.parts;
    const digests = hasher?.size === upload.size ? hasher.finish() : await digestsOf(staging.read(upload.id));
    const { digest } = digests;
    if (upload.digest !== null && !Buffer.from(upload.digest).equals(digest)) {
      throw new BropError("upload.digest-differs", { given: upload.digest, digest });
    }
    if (digests.size !== upload.size) throw new Error(`upload ${upload.id} has ${digests.size} bytes on disk`);
    const name = Buffer.from(digest).toString("hex");
    for (let attempt = 1; ; attempt++) {
      await expectContent(db, digests, clock.now());
      await store.put(name, staging.pathOf(upload.id), upload.size);
      const file = await db.transaction((tx) => this.#keep(tx, upload, digests));
      if (file !== undefined) {
        await staging.remove(upload.id);
        return file;
      }
      if (attempt === ATTEMPTS) throw new BropError("service.unavailable", { upload: upload.id });
    }
  }

  /** @returns undefined where the content was removed between being put and now */
  async #keep(tx: Database, upload: UploadRow, { digest, size }: ContentDigests): Promise<FileRow | undefined> {
    const now = this.parts.clock.now();
    await lockContent(tx, digest);
    if ((await this.parts.store.sizeOf(Buffer.from(digest).toString("hex"))) !== size) return undefined;
    await keepContent(tx, digest, now);
    await mendFindings(tx, digest, now);
    const known = await findKeptFile(tx, upload.tenant, digest);
    const id = known?.id ?? `file_${randomBytes(16).toString("hex")}`;
    if (known === undefined) {
      await insertFile(tx, {
        ...{ id, tenant: upload.tenant, account: upload.account, digest, size, name: upload.name },
        ...{ mediaType: upload.mediaType, visibility: upload.visibility, keptFrom: now, keptBy: upload.principal },
        ...{ retainedUntil: upload.retainedUntil, termEnds: upload.termEnds },
      });
    }
    await finishUpload(tx, upload.id, id);
    return findFile(tx, id);
  }
}

async function digestsOf(source: AsyncIterable<Uint8Array>): Promise<ContentDigests> {
  const hasher = new ContentHasher();
  for await (const bytes of source) hasher.update(bytes);
  return hasher.finish();
}

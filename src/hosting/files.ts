import { BropError } from "../core/errors.ts";
import {
  type ContentRow,
  findContent,
  lockContent,
  noteCheck,
  removeContent,
} from "../store/queries/hosting/contents.ts";
import {
  changeFile,
  endFile,
  type FileChanges,
  type FileRow,
  findFile,
  findReadableFile,
  isUsed,
  lockFile,
} from "../store/queries/hosting/files.ts";
import { insertFinding } from "../store/queries/hosting/findings.ts";
import type { Owner } from "./owner.ts";
import type { HostingParts } from "./parts.ts";
import { checkTimes } from "./terms.ts";
import { ContentDamaged, readVerified } from "./verified-read.ts";

/** Who ends a file whose term is over. */
export const PLATFORM = "platform";

/** Files that are kept, and those that were. */
export class Files {
  readonly #parts: HostingParts;

  constructor(parts: HostingParts) {
    this.#parts = parts;
  }

  /** A file of the tenant, deleted or not. @throws BropError `resource.not-found`, also for one of somebody else */
  async own({ tenant }: Pick<Owner, "tenant">, id: string): Promise<FileRow> {
    const file = await findFile(this.#parts.db, id);
    if (file?.tenant !== tenant) throw new BropError("resource.not-found", { file: id });
    return file;
  }

  /**
   * A file that somebody may read: their own, or a public one.
   * @throws BropError `resource.not-found`, also where it is private: whether it exists is nobody's business;
   * `file.deleted`
   */
  async readable(tenant: string | undefined, id: string): Promise<FileRow> {
    const file = await findFile(this.#parts.db, id);
    if (file === undefined || (file.visibility !== "public" && file.tenant !== tenant)) {
      throw new BropError("resource.not-found", { file: id });
    }
    if (file.deletedAt !== null) throw new BropError("file.deleted", { file: id, deletedAt: new Date(file.deletedAt) });
    return file;
  }

  /** As `readable`, by the content. */
  async readableContent(tenant: string | undefined, digest: Uint8Array): Promise<FileRow> {
    const file = await findReadableFile(this.#parts.db, tenant, digest);
    if (file === undefined) throw new BropError("resource.not-found", { digest });
    return file;
  }

  /**
   * Bytes of a file from one position until before another, each compared before it is given out.
   *
   * @returns the bytes; those of the first piece are compared when this resolves
   * @throws BropError `store.damaged`; the stream fails with it where the damage lies further behind
   */
  async open({ digest, size }: FileRow, from: number, to: number): Promise<AsyncIterableIterator<Uint8Array>> {
    const { db, store } = this.#parts;
    const content = await findContent(db, digest);
    if (content === undefined || content.fault !== null) throw damaged(digest);
    const bytes = this.#watched(content, readVerified(db, store, { digest, size, from, to }));
    const first = await bytes.next();
    return beginningWith(first, bytes);
  }

  /**
   * Changes what an owner may change. A time until which a file is kept only grows.
   * @throws BropError `resource.not-found`, `file.deleted`, `file.retained`, `request.invalid`
   */
  change(owner: Owner, id: string, changes: FileChanges): Promise<FileRow> {
    const { db, clock } = this.#parts;
    return db.transaction(async (tx) => {
      const file = await this.#lock(tx, owner, id);
      const { retainedUntil = file.retainedUntil, termEnds = file.termEnds } = changes;
      const now = clock.now();
      const retained = file.retainedUntil ?? 0;
      if (retained > now && (retainedUntil ?? 0) < retained) {
        throw new BropError("file.retained", { file: id, retainedUntil: new Date(retained) });
      }
      checkTimes(
        {
          retainedUntil: changes.retainedUntil === undefined && retained <= now ? null : retainedUntil,
          termEnds,
        },
        now,
      );
      await changeFile(tx, id, changes);
      return (await findFile(tx, id)) as FileRow;
    });
  }

  /**
   * Deletes a file. Its row stays and tells when and by whom; the bytes go when no other file has them.
   * @throws BropError `resource.not-found`, `file.deleted`, `file.retained`
   */
  async delete(owner: Owner, id: string, reason: string | null): Promise<FileRow> {
    const { db, clock } = this.#parts;
    const file = await db.transaction(async (tx) => {
      const found = await this.#lock(tx, owner, id);
      const now = clock.now();
      if ((found.retainedUntil ?? 0) > now) {
        throw new BropError("file.retained", { file: id, retainedUntil: new Date(found.retainedUntil ?? 0) });
      }
      await endFile(tx, id, owner.principal, reason, now);
      return (await findFile(tx, id)) as FileRow;
    });
    await this.#releaseQuietly(file.digest);
    return file;
  }

  /** Deletes a file whose term is over. */
  async endTerm(id: string): Promise<void> {
    const { db, clock } = this.#parts;
    const digest = await db.transaction(async (tx) => {
      const file = await lockFile(tx, id);
      const now = clock.now();
      if (file === undefined || file.deletedAt !== null || file.termEnds === null || file.termEnds > now) return;
      if ((file.retainedUntil ?? 0) > now) return;
      await endFile(tx, id, PLATFORM, "its term is over", now);
      return file.digest;
    });
    if (digest !== undefined) await this.release(digest);
  }

  /** Removes a content that no file has. Under the lock of its row, so that nobody is taking it in meanwhile. */
  release(digest: Uint8Array): Promise<void> {
    const { db, store, clock } = this.#parts;
    return db.transaction(async (tx) => {
      const content = await lockContent(tx, digest);
      if (content === undefined || content.state === "removed" || (await isUsed(tx, digest))) return;
      await store.remove(Buffer.from(digest).toString("hex"));
      await removeContent(tx, digest, clock.now());
    });
  }

  /** Writes down what was found wrong with a content. @param by who found it */
  async noteDamage(digest: Uint8Array, { fault, position }: ContentDamaged, by: string, now: number): Promise<void> {
    const isNew = await this.#parts.db.transaction(async (tx) => {
      await noteCheck(tx, digest, fault, now);
      return insertFinding(tx, { digest, fault, position, foundBy: by, foundAt: now });
    });
    if (isNew)
      this.#parts.logger.error(
        { digest: Buffer.from(digest).toString("hex"), fault, position, by },
        "A content is damaged",
      );
  }

  async *#watched(content: ContentRow, bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      if (!(error instanceof ContentDamaged)) throw error;
      // Whoever deleted it while it was read has not damaged it.
      const now = await findContent(this.#parts.db, content.digest);
      if (now?.state === "kept") await this.noteDamage(content.digest, error, "download", this.#parts.clock.now());
      throw damaged(content.digest, error);
    }
  }

  async #lock(tx: HostingParts["db"], owner: Owner, id: string): Promise<FileRow> {
    const file = await lockFile(tx, id);
    if (file?.tenant !== owner.tenant) throw new BropError("resource.not-found", { file: id });
    if (file.deletedAt !== null) throw new BropError("file.deleted", { file: id, deletedAt: new Date(file.deletedAt) });
    return file;
  }

  /** The file is deleted; bytes that can not be removed now are removed later. */
  async #releaseQuietly(digest: Uint8Array): Promise<void> {
    await this.release(digest).catch((error: unknown) =>
      this.#parts.logger.warn(
        { err: error, digest: Buffer.from(digest).toString("hex") },
        "A content waits to be removed",
      ),
    );
  }
}

/** Not a generator: one that was never asked would not end those behind it, and leave their file open. */
function beginningWith(
  first: IteratorResult<Uint8Array>,
  rest: AsyncGenerator<Uint8Array>,
): AsyncIterableIterator<Uint8Array> {
  let next: IteratorResult<Uint8Array> | undefined = first;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const result = next ?? (await rest.next());
      next = undefined;
      return result;
    },
    return: () => rest.return(undefined),
  };
}

function damaged(digest: Uint8Array, cause?: unknown): BropError {
  return new BropError("store.damaged", { digest }, undefined, { cause });
}

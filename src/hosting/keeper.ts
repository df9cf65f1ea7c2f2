import { findContent, nextToCheck, noteCheck, unusedContents } from "../store/queries/hosting/contents.ts";
import { endedTerms } from "../store/queries/hosting/files.ts";
import { mendFindings } from "../store/queries/hosting/findings.ts";
import { isOpenUpload, uploadsToTend } from "../store/queries/hosting/uploads.ts";
import type { Hosting } from "./hosting.ts";
import { checkContent } from "./scrub.ts";

const INTERVAL = 60_000;
/** A content that has been arriving for so long, and that no file has, came to nothing. */
const ARRIVAL = 24 * 3_600_000;
/** A damaged content may have been put back: it is looked at again after so long. */
const DAMAGED_INTERVAL = 3_600_000;
/** Bytes a second that checking reads, so that it takes little of the disk from others. */
const CHECK_RATE = 32 * 1_048_576;

/** Looks after the store: what is over is removed, what was left half done is finished, and all is read again in time. */
export class Keeper {
  readonly #hosting: Hosting;
  readonly #stopping = new AbortController();
  #running: Promise<unknown> | undefined;

  constructor(hosting: Hosting) {
    this.#hosting = hosting;
  }

  start(): void {
    this.#running = Promise.all([this.#repeat(() => this.tend()), this.#repeat(() => this.scrub())]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Everything that is due, once. Each thing for itself: one that fails is tried again next time. */
  async tend(): Promise<void> {
    const { db, staging, clock } = this.#hosting.parts;
    const now = clock.now();
    const { expired, unfinished } = await uploadsToTend(db, staging.id, now);
    for (const id of expired) await this.#attempt("upload", id, () => this.#hosting.uploads.discard(id));
    for (const id of unfinished) await this.#attempt("upload", id, () => this.#hosting.uploads.complete(id));
    for (const id of await endedTerms(db, now)) await this.#attempt("file", id, () => this.#hosting.files.endTerm(id));
    for (const digest of await unusedContents(db, now - ARRIVAL)) {
      const name = Buffer.from(digest).toString("hex");
      await this.#attempt("content", name, () => this.#hosting.files.release(digest));
    }
    for (const id of await staging.list()) {
      if (!(await isOpenUpload(db, staging.id, id))) await this.#attempt("upload", id, () => staging.remove(id));
    }
  }

  /** Reads every content whose last check is too long ago, slowly, and writes down what is wrong. */
  async scrub(): Promise<void> {
    const { db, store, clock, limits } = this.#hosting.parts;
    const { signal } = this.#stopping;
    for (;;) {
      const content = await nextToCheck(db, clock.now() - limits.scrubInterval, clock.now() - DAMAGED_INTERVAL);
      if (content === undefined || signal.aborted) return;
      const started = clock.now();
      const damage = await checkContent(db, store, content, async (bytes) => {
        signal.throwIfAborted();
        await clock.sleep((bytes * 1_000) / CHECK_RATE, signal);
      }).catch((error: unknown) => {
        if (signal.aborted) return "stopped" as const;
        throw error;
      });
      if (damage === "stopped") return;
      // It may have been deleted, or given again, since it was looked at.
      const now = await findContent(db, content.digest);
      if (now?.state !== "kept" || now.checkedAt !== content.checkedAt) continue;
      if (damage !== undefined) await this.#hosting.files.noteDamage(content.digest, damage, "scrubber", started);
      else {
        await db.transaction(async (tx) => {
          await noteCheck(tx, content.digest, null, started);
          await mendFindings(tx, content.digest, started);
        });
      }
    }
  }

  async #repeat(work: () => Promise<void>): Promise<void> {
    const { clock, logger } = this.#hosting.parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await work().catch((error: unknown) => logger.error({ err: error }, "The file store could not be looked after"));
      await clock.sleep(INTERVAL, signal);
    }
  }

  async #attempt(kind: string, id: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#hosting.parts.logger.warn({ err: error, [kind]: id }, "Something of the file store is left for later");
    }
  }
}

import type { Clock } from "../core/clock.ts";
import type { Database } from "../store/database.ts";
import { contentsAfter, findContent } from "../store/queries/hosting/contents.ts";
import { registrationsOfFiles } from "../store/queries/hosting/registrations.ts";
import type { ContentStore } from "./content-store.ts";
import { checkContent } from "./scrub.ts";

/** What is wrong with the file store. */
export interface StoreFinding {
  /** For example `content 0x12…`, `file file_12…`. */
  subject: string;
  fault: "missing" | "size" | "content" | "record" | "unknown" | "promised";
  detail: string;
}

const AT_A_TIME = 200;

/**
 * Reads everything that the store holds and compares it with its digests; names what the database does not know, and files
 * that are gone while the chain says that they are kept. Changes nothing, and believes no check of before.
 */
export async function* auditStore(
  { db, store, clock }: { db: Database; store: ContentStore; clock: Pick<Clock, "now"> },
  onContent: (bytes: number) => void = () => undefined,
): AsyncGenerator<StoreFinding> {
  for await (const content of allContents(db)) {
    const subject = `content 0x${Buffer.from(content.digest).toString("hex")}`;
    const damage = await checkContent(db, store, content);
    onContent(content.size);
    // It may have been deleted while it was read.
    if (damage === undefined || (await findContent(db, content.digest))?.state !== "kept") continue;
    const place = damage.fault === "content" ? ` in the MiB from byte ${damage.position}` : "";
    yield { subject, fault: damage.fault, detail: `${WORDS[damage.fault]}${place}` };
  }
  for await (const { digest } of store.list()) {
    if ((await findContent(db, Buffer.from(digest, "hex"))) !== undefined) continue;
    yield { subject: `content 0x${digest}`, fault: "unknown", detail: "the store holds it and no row tells of it" };
  }
  yield* brokenPromises(db, Math.floor(clock.now() / 1_000));
}

const WORDS = {
  missing: "the store does not have it",
  size: "it has another size than it was given with",
  content: "its bytes are not those that were given",
  record: "the digests of its pieces in the database are not those of the file",
} as const;

async function* allContents(db: Database) {
  for (let after: Uint8Array = new Uint8Array(); ; ) {
    const contents = await contentsAfter(db, after, AT_A_TIME);
    yield* contents;
    const last = contents.at(-1);
    if (last === undefined) return;
    after = last.digest;
  }
}

async function* brokenPromises(db: Database, now: number): AsyncGenerator<StoreFinding> {
  for (let after = { owner: new Uint8Array(), digest: new Uint8Array() }; ; ) {
    const registrations = await registrationsOfFiles(db, now, after, AT_A_TIME);
    for (const { file, size, fileSize, until, deletedAt } of registrations) {
      const subject = `file ${file}`;
      const end = new Date(until * 1_000).toISOString();
      if (deletedAt !== null)
        yield { subject, fault: "promised", detail: `deleted; the chain says it is kept until ${end}` };
      else if (size !== fileSize) {
        yield { subject, fault: "size", detail: `has ${fileSize} bytes; the chain says ${size}` };
      }
    }
    const last = registrations.at(-1);
    if (last === undefined) return;
    after = { owner: Uint8Array.from(last.owner), digest: Uint8Array.from(last.digest) };
  }
}

import type { Clock } from "../core/clock.ts";
import { auditStore } from "../hosting/audit.ts";
import type { ContentStore } from "../hosting/content-store.ts";
import type { Database } from "../store/database.ts";
import type { AuditCheck, AuditReport, Finding } from "./audit.ts";

/** Every hosted file against its digests, and against what the chain says is kept (EV-7). */
export class FileStoreCheck implements AuditCheck {
  readonly name = "files";
  readonly #parts: { db: Database; store: ContentStore; clock: Pick<Clock, "now"> };

  constructor(db: Database, store: ContentStore, clock: Pick<Clock, "now">) {
    this.#parts = { db, store, clock };
  }

  async *run(report: AuditReport): AsyncIterable<Finding> {
    let bytes = 0;
    const read = (size: number) => {
      bytes += size;
      report.progress(this.name, "bytes read", bytes);
    };
    for await (const { subject, fault, detail } of auditStore(this.#parts, read)) {
      const should = "what was given, as long as it is kept";
      yield { check: this.name, place: "file store", key: { subject }, part: fault, is: detail, should };
    }
  }
}

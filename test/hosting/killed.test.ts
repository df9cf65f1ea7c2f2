import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { Readable } from "node:stream";
import { expect } from "chai";
import { DiskStore } from "../../src/hosting/disk-store.ts";
import type { Hosting } from "../../src/hosting/hosting.ts";
import { Keeper } from "../../src/hosting/keeper.ts";
import type { Owner } from "../../src/hosting/owner.ts";
import { Staging } from "../../src/hosting/staging.ts";
import type { Database } from "../../src/store/database.ts";
import { listFiles } from "../../src/store/queries/hosting/files.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { HostingFolder, newOwner, someBytes } from "./hosting-parts.ts";

const DAY = 86_400_000;
/** More steps than anything here takes. */
const MOST_STEPS = 60;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
const streamOf = (bytes: Uint8Array) => Readable.from([bytes], { objectMode: false });

/** A process that dies at its nth step, before the step or behind it, and does nothing from then on. */
class Mortal {
  steps = 0;
  readonly #last: number;
  readonly #behind: boolean;

  constructor(last: number, behind: boolean) {
    this.#last = last;
    this.#behind = behind;
  }

  get isDead(): boolean {
    return this.steps >= this.#last;
  }

  async step<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.isDead) throw new Error("dead");
    const dies = ++this.steps === this.#last;
    if (dies && !this.#behind) throw new Error("killed");
    const result = await work();
    if (dies) throw new Error("killed");
    return result;
  }

  /** What the process does with the database. */
  database(db: Database): Database {
    return {
      kind: db.kind,
      query: (text, params) => this.step(() => db.query(text, params)),
      // What is not committed when the process dies is taken back.
      transaction: (work) =>
        this.step(() =>
          db.transaction(async (tx) => {
            const result = await work(this.database(tx));
            if (this.isDead && !this.#behind) throw new Error("dead");
            return result;
          }),
        ),
      close: () => db.close(),
    };
  }

  store(root: string): DiskStore {
    const step = <Result>(work: () => Promise<Result>) => this.step(work);
    return new (class extends DiskStore {
      override put(digest: string, path: string) {
        return step(() => super.put(digest, path));
      }
      override remove(digest: string) {
        return step(() => super.remove(digest));
      }
    })(root);
  }

  staging(root: string): Staging {
    const step = <Result>(work: () => Promise<Result>) => this.step(work);
    return new (class extends Staging {
      override remove(upload: string) {
        return step(() => super.remove(upload));
      }
    })(root);
  }
}

describe("hosting that is killed at any step", function () {
  this.timeout(120_000);
  let db: Database;
  let folder: HostingFolder;
  let seed = 1_000;

  before(async () => {
    db = await openMigrated();
    folder = new HostingFolder();
  });
  after(async () => {
    folder.remove();
    await db.close();
  });

  /** Does something that is killed at each of its steps in turn; then another process looks after the store. */
  async function killed(
    work: (hosting: Hosting, owner: Owner, bytes: Buffer) => Promise<unknown>,
    check: (hosting: Hosting, owner: Owner, bytes: Buffer) => Promise<void>,
  ): Promise<number> {
    let last = 0;
    for (const behind of [false, true]) {
      for (let step = 1; step <= MOST_STEPS; step++) {
        const mortal = new Mortal(step, behind);
        const owner = newOwner();
        const bytes = someBytes(5_000, ++seed);
        const parts = { store: mortal.store(folder.contents), staging: mortal.staging(folder.uploads) };
        const dying = await folder.open(mortal.database(db), parts);
        const survived = await work(dying, owner, bytes).then(
          () => true,
          () => false,
        );
        const next = await folder.open(db);
        await new Keeper(next).tend();
        await check(next, owner, bytes);
        if (survived && !mortal.isDead) {
          last = Math.max(last, step);
          break;
        }
      }
    }
    return last;
  }

  const filesOf = async ({ tenant }: Owner) => (await listFiles(db, { tenant }, { limit: 10 })).rows;
  const upload = async (hosting: Hosting, owner: Owner, bytes: Buffer) => {
    const { id } = await hosting.uploads.begin(owner, { size: bytes.length, digest: sha256(bytes) });
    await hosting.uploads.append(owner, id, { offset: 0 }, streamOf(bytes));
  };

  it("loses no byte that was taken and makes one file of an upload, which can be gone on with", async () => {
    const steps = await killed(upload, async (hosting, owner, bytes) => {
      const [left] = await hosting.uploads.list(owner);
      if (left !== undefined && left.file === null) {
        const rest = streamOf(bytes.subarray(left.received));
        await hosting.uploads.append(owner, left.id, { offset: left.received }, rest);
      }
      const files = await filesOf(owner);
      // It may have died before there was anything.
      expect(files.length).to.be.at.most(1);
      if (left !== undefined) expect(files).to.have.length(1);
      for (const file of files) {
        const parts: Uint8Array[] = [];
        for await (const part of await hosting.files.open(file, 0, file.size)) parts.push(part);
        expect(Buffer.concat(parts).equals(bytes)).to.equal(true);
      }
    });
    expect(steps).to.be.greaterThan(10);
  });

  it("keeps a file or has deleted it, and leaves no bytes of a deleted one", async () => {
    const deleteOne = async (hosting: Hosting, owner: Owner, bytes: Buffer) => {
      const { file } = await (await folder.open(db)).take(owner, { size: bytes.length }, streamOf(bytes));
      await hosting.files.delete(owner, file.id, null);
    };
    const steps = await killed(deleteOne, async (hosting, owner, bytes) => {
      const [file] = await filesOf(owner);
      if (file === undefined) throw new Error("the row is gone");
      expect(existsSync(folder.pathOf(sha256(bytes)))).to.equal(file.deletedAt === null);
      if (file.deletedAt === null) await hosting.files.open(file, 0, 10);
    });
    expect(steps).to.be.greaterThan(4);
  });

  it("leaves nothing behind for long", async () => {
    const hosting = await folder.open(db);
    folder.clock.advance(2 * DAY);
    await new Keeper(hosting).tend();
    expect(readdirSync(folder.uploads).filter((name) => name.endsWith(".part"))).to.deep.equal([]);
    const rows = await db.query(
      "select 1 from file_uploads union all select 1 from file_contents where state = 'arriving'",
    );
    expect(rows).to.deep.equal([]);
    const kept = await db.query<{ digest: Uint8Array }>("select digest from file_contents where state = 'kept'");
    const listed: string[] = [];
    for await (const { digest } of hosting.parts.store.list()) listed.push(digest);
    expect(listed.sort()).to.deep.equal(kept.map(({ digest }) => Buffer.from(digest).toString("hex")).sort());
  });
});

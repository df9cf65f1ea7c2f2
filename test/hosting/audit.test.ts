import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { expect } from "chai";
import { auditStore, type StoreFinding } from "../../src/hosting/audit.ts";
import type { Hosting } from "../../src/hosting/hosting.ts";
import type { Owner } from "../../src/hosting/owner.ts";
import type { Database } from "../../src/store/database.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { HostingFolder, newOwner, someBytes } from "./hosting-parts.ts";

const MIB = 1_048_576;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
const nameOf = (bytes: Uint8Array) => `content 0x${sha256(bytes).toString("hex")}`;

describe("audit of the file store", function () {
  this.timeout(60_000);
  let db: Database;
  let folder: HostingFolder;
  let hosting: Hosting;
  const whole = Array.from({ length: 8 }, (_, index) => someBytes(2 * MIB + index, 700 + index));

  before(async () => {
    db = await openMigrated();
    folder = new HostingFolder();
    hosting = await folder.open(db);
    for (const bytes of whole) await keep(newOwner(), bytes);
  });
  after(async () => {
    folder.remove();
    await db.close();
  });

  const keep = async (owner: Owner, bytes: Buffer) =>
    (await hosting.take(owner, { size: bytes.length }, Readable.from([bytes], { objectMode: false }))).file;
  const audit = async () => {
    const findings: StoreFinding[] = [];
    for await (const finding of auditStore(hosting.parts)) findings.push(finding);
    return findings.map(({ subject, fault }) => `${fault} ${subject}`).sort();
  };

  it("finds nothing where nothing is wrong", async () => {
    expect(await audit()).to.deep.equal([]);
  });

  it("names each byte that flipped, each file that was cut or is gone, and each that nobody knows", async () => {
    const [flipped, cut, gone] = whole as [Buffer, Buffer, Buffer];
    const path = folder.pathOf(sha256(flipped));
    const bytes = readFileSync(path);
    bytes[MIB + 5] = (bytes[MIB + 5] as number) ^ 0x40;
    writeFileSync(path, bytes);
    truncateSync(folder.pathOf(sha256(cut)), MIB);
    rmSync(folder.pathOf(sha256(gone)));
    const stray = someBytes(100, 999);
    mkdirSync(dirname(folder.pathOf(sha256(stray))), { recursive: true });
    writeFileSync(folder.pathOf(sha256(stray)), stray);
    expect(await audit()).to.deep.equal(
      [
        `content ${nameOf(flipped)}`,
        `size ${nameOf(cut)}`,
        `missing ${nameOf(gone)}`,
        `unknown ${nameOf(stray)}`,
      ].sort(),
    );
    for (const each of [flipped, cut, gone]) await keep(newOwner(), each);
    rmSync(folder.pathOf(sha256(stray)));
    expect(await audit()).to.deep.equal([]);
  });

  it("names files that are gone while the chain says that they are kept, and sizes that differ", async () => {
    const [ann, ben, cid, dan] = [newOwner(), newOwner(), newOwner(), newOwner()];
    const bytes = someBytes(1_000, 800);
    const deleted = await keep(ann, bytes);
    await hosting.files.delete(ann, deleted.id, null);
    const other = await keep(ben, bytes);
    await keep(cid, bytes);
    const now = Math.floor(folder.clock.now() / 1_000);
    // Dan keeps the file himself; Cid's term is over.
    for (const [owner, size, until] of [
      [ann, 1_000, now + 60],
      [ben, 999, now + 60],
      [cid, 1, now],
      [dan, 1_000, now + 60],
    ] as const) {
      await db.query(
        `insert into hosted_files (owner, content_digest, location_digest, size, registered_at, valid_until,
           registered_block, transaction_hash, from_block, from_log) values ($1, $2, $2, $3, 1, $4, 1, $2, 1, 1)`,
        [owner.account, sha256(bytes), size, until],
      );
    }
    expect(await audit()).to.deep.equal([`promised file ${deleted.id}`, `size file ${other.id}`]);
  });
});

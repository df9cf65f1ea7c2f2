import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import { DiskStore } from "../../src/hosting/disk-store.ts";
import type { Hosting } from "../../src/hosting/hosting.ts";
import { Keeper } from "../../src/hosting/keeper.ts";
import type { Owner } from "../../src/hosting/owner.ts";
import { byteDays, checkPeriod, statement, statementLines } from "../../src/hosting/usage.ts";
import { findContent } from "../../src/store/queries/hosting/contents.ts";
import { type FileRow, findFile } from "../../src/store/queries/hosting/files.ts";
import { listFindings } from "../../src/store/queries/hosting/findings.ts";
import { onEachDatabase } from "../store/databases.ts";
import { HostingFolder, newOwner, someBytes } from "./hosting-parts.ts";

const MIB = 1_048_576;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (error instanceof BropError ? error.code : error),
  );

onEachDatabase((database) => {
  describe("files that are kept", () => {
    let folder: HostingFolder;
    let hosting: Hosting;
    let seed = 100;

    beforeEach(async () => {
      folder = new HostingFolder();
      hosting = await folder.open(database());
    });
    afterEach(() => folder.remove());

    const keep = async (owner: Owner, bytes: Buffer, times: object = {}): Promise<FileRow> => {
      const body = Readable.from([bytes], { objectMode: false });
      return (await hosting.take(owner, { size: bytes.length, ...times }, body)).file;
    };
    const fresh = (length = 1_000) => someBytes(length, ++seed);

    it("take the disk once for the same bytes of several, until the last one deletes them", async () => {
      const [ann, ben] = [newOwner(), newOwner()];
      const bytes = fresh();
      const first = await keep(ann, bytes);
      const second = await keep(ben, bytes);
      await hosting.files.delete(ann, first.id, null);
      expect(existsSync(folder.pathOf(sha256(bytes)))).to.equal(true);
      expect((await hosting.files.readableContent(ben.tenant, sha256(bytes))).id).to.equal(second.id);
      await hosting.files.delete(ben, second.id, "no longer needed");
      expect(existsSync(folder.pathOf(sha256(bytes)))).to.equal(false);
      expect(await findContent(database(), sha256(bytes))).to.include({ state: "removed" });
      expect(await findFile(database(), second.id)).to.include({
        deletedBy: ben.principal,
        deletionReason: "no longer needed",
        deletedAt: folder.clock.now(),
      });
      // And again from the beginning.
      const third = await keep(ann, bytes);
      expect(third.id).to.not.equal(first.id);
      expect(existsSync(folder.pathOf(sha256(bytes)))).to.equal(true);
    });

    it("are kept as long as they have to be, whoever wants them gone", async () => {
      const ann = newOwner();
      const until = folder.clock.now() + DAY;
      const { id } = await keep(ann, fresh(), { retainedUntil: until });
      expect(await codeOf(hosting.files.delete(ann, id, null))).to.equal("file.retained");
      for (const retainedUntil of [null, until - 1]) {
        expect(await codeOf(hosting.files.change(ann, id, { retainedUntil }))).to.equal("file.retained");
      }
      expect(await codeOf(hosting.files.change(ann, id, { termEnds: until - 1 }))).to.equal("request.invalid");
      expect((await hosting.files.change(ann, id, { retainedUntil: until + DAY })).retainedUntil).to.equal(until + DAY);
      folder.clock.advance(2 * DAY);
      expect(await codeOf(hosting.files.change(ann, id, { name: "over" }))).to.equal("done");
      expect(await codeOf(hosting.files.delete(ann, id, null))).to.equal("done");
    });

    it("are deleted by the platform when their term is over, which their row tells", async () => {
      const ann = newOwner();
      const bytes = fresh();
      const { id } = await keep(ann, bytes, { termEnds: folder.clock.now() + HOUR });
      const keeper = new Keeper(hosting);
      await keeper.tend();
      expect((await hosting.files.own(ann, id)).deletedAt).to.equal(null);
      folder.clock.advance(HOUR);
      await keeper.tend();
      expect(await hosting.files.own(ann, id)).to.include({
        deletedBy: "platform",
        deletionReason: "its term is over",
      });
      expect(existsSync(folder.pathOf(sha256(bytes)))).to.equal(false);
      for (const times of [{ termEnds: folder.clock.now() }, { retainedUntil: 1 }]) {
        expect(await codeOf(keep(ann, fresh(), times))).to.equal("request.invalid");
      }
    });

    it("whose bytes could not be removed at once lose them later", async () => {
      const ann = newOwner();
      const bytes = fresh();
      let broken = true;
      const store = new (class extends DiskStore {
        override remove(digest: string) {
          return broken ? Promise.reject(new BropError("service.unavailable")) : super.remove(digest);
        }
      })(folder.contents);
      hosting = await folder.open(database(), { store });
      const { id } = await keep(ann, bytes);
      await hosting.files.delete(ann, id, null);
      expect(existsSync(folder.pathOf(sha256(bytes)))).to.equal(true);
      broken = false;
      await new Keeper(hosting).tend();
      expect(existsSync(folder.pathOf(sha256(bytes)))).to.equal(false);
    });

    it("appear whole or not at all: what a killed process left is tidied away", async () => {
      const store = new DiskStore(folder.contents);
      const bytes = fresh();
      await keep(newOwner(), bytes);
      mkdirSync(join(folder.contents, "arriving"), { recursive: true });
      writeFileSync(join(folder.contents, "arriving", "0123"), "half");
      await store.tidy();
      expect(existsSync(join(folder.contents, "arriving"))).to.equal(false);
      const listed: string[] = [];
      for await (const { digest, size } of store.list()) listed.push(`${digest} ${size}`);
      expect(listed).to.deep.equal([`${sha256(bytes).toString("hex")} 1000`]);
      expect(readdirSync(folder.contents)).to.have.length(1);
    });

    describe("are read again in time", () => {
      const damages: [name: string, spoil: (path: string) => void, fault: string, position: number][] = [
        ["a byte that flipped", (path) => flip(path, 2 * MIB + 1), "content", 2 * MIB],
        ["the last byte gone", (path) => truncateSync(path, 3 * MIB - 1), "size", 3 * MIB - 1],
        ["a file gone", (path) => rmSync(path), "missing", 0],
      ];
      for (const [name, spoil, fault, position] of damages) {
        it(`and ${name} is found, said once, and over when the file is given again`, async () => {
          const bytes = fresh(3 * MIB);
          const ann = newOwner();
          await keep(ann, bytes);
          const keeper = new Keeper(hosting);
          await withTime(folder, keeper.scrub());
          expect(await listFindings(database(), true)).to.deep.equal([]);
          spoil(folder.pathOf(sha256(bytes)));
          folder.clock.advance(DAY + 1);
          await withTime(folder, keeper.scrub());
          folder.clock.advance(DAY + 1);
          await withTime(folder, keeper.scrub());
          const [finding, ...more] = await listFindings(database(), true);
          expect(more).to.deep.equal([]);
          expect(finding).to.include({ fault, position, foundBy: "scrubber" });
          await keep(newOwner(), bytes);
          expect(await listFindings(database(), true)).to.deep.equal([]);
          expect((await listFindings(database(), false))[0]?.mendedAt).to.equal(folder.clock.now());
          expect(await findContent(database(), sha256(bytes))).to.include({ fault: null });
        });
      }

      it("and digests that were changed in the database are found", async () => {
        const bytes = fresh(2 * MIB);
        await keep(newOwner(), bytes);
        const other = someBytes(2 * MIB, 9_999);
        writeFileSync(folder.pathOf(sha256(bytes)), other);
        const pieces = Buffer.concat([sha256(other.subarray(0, MIB)), sha256(other.subarray(MIB))]);
        await database().query("update file_contents set piece_digests = $1", [pieces]);
        folder.clock.advance(DAY + 1);
        await withTime(folder, new Keeper(hosting).scrub());
        expect((await listFindings(database(), true))[0]).to.include({ fault: "record" });
      });

      it("and one that is whole again without anybody's doing is said to be", async () => {
        const bytes = fresh(MIB);
        await keep(newOwner(), bytes);
        rmSync(folder.pathOf(sha256(bytes)));
        folder.clock.advance(DAY + 1);
        await withTime(folder, new Keeper(hosting).scrub());
        expect(await listFindings(database(), true)).to.have.length(1);
        // The operator put it back from a backup.
        writeFileSync(folder.pathOf(sha256(bytes)), bytes);
        folder.clock.advance(HOUR + 1);
        await withTime(folder, new Keeper(hosting).scrub());
        expect(await listFindings(database(), true)).to.deep.equal([]);
      });
    });

    it("are counted in bytes times milliseconds, to the millisecond and for good", async () => {
      const ann = newOwner();
      const start = folder.clock.now();
      const first = await keep(ann, fresh(1_000));
      folder.clock.advance(10);
      const second = await keep(ann, fresh(70));
      await keep(newOwner(), fresh(5_000));
      folder.clock.advance(20);
      await hosting.files.delete(ann, first.id, null);
      folder.clock.advance(70);
      const all = await statement(database(), ann.tenant, { from: start, to: start + 100 });
      expect(all).to.include({ files: 2, byteMilliseconds: 1_000n * 30n + 70n * 90n });
      const part = await statement(database(), ann.tenant, { from: start + 5, to: start + 15 });
      expect(part.byteMilliseconds).to.equal(1_000n * 10n + 70n * 5n);
      const before = await statement(database(), ann.tenant, { from: start - 100, to: start });
      expect(before).to.include({ files: 0, byteMilliseconds: 0n, byteDays: "0.000000" });
      await hosting.files.delete(ann, second.id, null);
      expect(await statement(database(), ann.tenant, { from: start, to: start + 100 })).to.deep.equal(all);
      let sum = 0n;
      for await (const line of statementLines(database(), ann.tenant, { from: start, to: start + 100 })) {
        sum += BigInt(line.byteMilliseconds);
        expect(BigInt(line.byteMilliseconds)).to.equal(BigInt(line.size) * BigInt(line.to - line.from));
      }
      expect(sum).to.equal(all.byteMilliseconds);
    });

    it("are counted exactly where numbers of a computer are not", async () => {
      const ann = newOwner();
      const { id } = await keep(ann, fresh(10));
      const start = folder.clock.now();
      const size = 2 ** 40 + 1;
      await database().query("update files set size = $2 where id = $1", [id, size]);
      const year = { from: start, to: start + 365 * DAY + 1 };
      const { byteMilliseconds } = await statement(database(), ann.tenant, year);
      expect(byteMilliseconds).to.equal(BigInt(size) * BigInt(365 * DAY + 1));
      expect(byteDays(86_400_000n * 1_000n)).to.equal("1000.000000");
      expect(byteDays(86_399_999n)).to.equal("0.999999");
    });
  });
});

describe("a statement's period", () => {
  const now = 1_800_000_000_000;
  it("is over and goes forward", () => {
    expect(checkPeriod({ from: 0, to: now - 60_000 }, now)).to.deep.equal({ from: 0, to: now - 60_000 });
    for (const period of [
      { from: 0, to: now - 59_999 },
      { from: 5, to: 5 },
      { from: 6, to: 5 },
    ]) {
      expect(() => checkPeriod(period, now))
        .to.throw(BropError)
        .with.property("code", "request.invalid");
    }
  });
});

function flip(path: string, position: number): void {
  const bytes = readFileSync(path);
  bytes[position] = (bytes[position] as number) ^ 0x10;
  writeFileSync(path, bytes);
}

/** Lets the clock go while something waits on it. */
async function withTime<Result>(folder: HostingFolder, work: Promise<Result>): Promise<Result> {
  let over = false;
  const ended = work.finally(() => {
    over = true;
  });
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve));
    folder.clock.advance(20);
  }
  return ended;
}

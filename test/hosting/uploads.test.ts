import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import { DiskStore } from "../../src/hosting/disk-store.ts";
import type { Hosting } from "../../src/hosting/hosting.ts";
import { Keeper } from "../../src/hosting/keeper.ts";
import { Staging } from "../../src/hosting/staging.ts";
import { findFile } from "../../src/store/queries/hosting/files.ts";
import { findUpload } from "../../src/store/queries/hosting/uploads.ts";
import { onEachDatabase } from "../store/databases.ts";
import { fullDisk, HostingFolder, newOwner, someBytes } from "./hosting-parts.ts";

const MIB = 1_048_576;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
const streamOf = (...parts: Uint8Array[]) => Readable.from(parts, { objectMode: false });

/** A body that breaks behind some bytes. */
function cutOff(bytes: Uint8Array): Readable {
  async function* parts() {
    yield bytes;
    throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
  }
  return Readable.from(parts(), { objectMode: false });
}

async function refusal(work: Promise<unknown>): Promise<BropError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).to.be.instanceOf(BropError);
  return thrown as BropError;
}

onEachDatabase((database) => {
  describe("uploads", () => {
    let folder: HostingFolder;
    let hosting: Hosting;

    beforeEach(async () => {
      folder = new HostingFolder();
      hosting = await folder.open(database());
    });
    afterEach(() => folder.remove());

    const read = async (id: string, from = 0, to?: number) => {
      const file = await findFile(database(), id);
      if (file === undefined) throw new Error("no file");
      const parts: Uint8Array[] = [];
      for await (const part of await hosting.files.open(file, from, to ?? file.size)) parts.push(part);
      return Buffer.concat(parts);
    };

    it("make a file of parts that come over several requests, and give back the same bytes", async () => {
      const owner = newOwner();
      const bytes = someBytes(3 * MIB + 17);
      const { id } = await hosting.uploads.begin(owner, { size: bytes.length, name: "tea.bin" });
      const first = await hosting.uploads.append(owner, id, { offset: 0 }, streamOf(bytes.subarray(0, 1_000_003)));
      expect(first.received).to.equal(1_000_003);
      expect(first.file).to.equal(null);
      const rest = streamOf(bytes.subarray(1_000_003, 2 * MIB), bytes.subarray(2 * MIB));
      const last = await hosting.uploads.append(owner, id, { offset: 1_000_003 }, rest);
      expect(last.file).to.match(/^file_/);
      const file = await findFile(database(), last.file as string);
      expect(Buffer.from(file?.digest as Uint8Array).equals(sha256(bytes))).to.equal(true);
      expect((await read(last.file as string)).equals(bytes)).to.equal(true);
      expect(readFileSync(folder.pathOf(sha256(bytes))).equals(bytes)).to.equal(true);
      expect(readdirSync(folder.uploads).filter((name) => name.endsWith(".part"))).to.deep.equal([]);
    });

    it("give every range of bytes", async () => {
      const bytes = someBytes(2 * MIB + 5, 2);
      const { file } = await hosting.take(newOwner(), { size: bytes.length }, streamOf(bytes));
      for (const [from, to] of [
        [0, 1],
        [MIB - 1, MIB + 1],
        [MIB, 2 * MIB],
        [2 * MIB, 2 * MIB + 5],
        [5, 2 * MIB + 4],
      ] as const) {
        expect((await read(file.id, from, to)).equals(bytes.subarray(from, to)), `${from}-${to}`).to.equal(true);
      }
    });

    it("count what came before a connection broke, also in a new process, where only the disk knows the bytes", async () => {
      const owner = newOwner();
      const bytes = someBytes(2 * MIB, 3);
      const { id } = await hosting.uploads.begin(owner, { size: bytes.length, digest: sha256(bytes) });
      const cut = hosting.uploads.append(owner, id, { offset: 0 }, cutOff(bytes.subarray(0, 700_000)));
      expect((await refusal(cut)).code).to.equal("upload.cut-off");
      const next = await folder.open(database());
      expect((await next.uploads.state(owner, id)).received).to.equal(700_000);
      const done = await next.uploads.append(owner, id, { offset: 700_000 }, streamOf(bytes.subarray(700_000)));
      expect((await read(done.file as string)).equals(bytes)).to.equal(true);
    });

    it("pass over bytes behind those that count, and count no byte that the disk lost", async () => {
      const owner = newOwner();
      const bytes = someBytes(100_000, 4);
      const { id } = await hosting.uploads.begin(owner, { size: bytes.length });
      await hosting.uploads.append(owner, id, { offset: 0 }, streamOf(bytes.subarray(0, 50_000)));
      const part = join(folder.uploads, `${id}.part`);
      // A process was killed after it wrote and before it said so.
      appendFileSync(part, "behind what counts");
      const again = await folder.open(database());
      await again.uploads.append(owner, id, { offset: 50_000 }, streamOf(bytes.subarray(50_000, 60_000)));
      expect(statSync(part).size).to.equal(60_000);
      truncateSync(part, 20_000);
      const lost = await folder.open(database());
      expect((await lost.uploads.state(owner, id)).received).to.equal(20_000);
      const done = await lost.uploads.append(owner, id, { offset: 20_000 }, streamOf(bytes.subarray(20_000)));
      expect((await read(done.file as string)).equals(bytes)).to.equal(true);
    });

    it("refuse another offset than the one they stand at, and change nothing", async () => {
      const owner = newOwner();
      const { id } = await hosting.uploads.begin(owner, { size: 100 });
      await hosting.uploads.append(owner, id, { offset: 0 }, streamOf(someBytes(40)));
      for (const offset of [0, 39, 41, 100, 101]) {
        const error = await refusal(hosting.uploads.append(owner, id, { offset }, streamOf(someBytes(10))));
        expect(error.code).to.equal("upload.offset-wrong");
        expect(error.details).to.deep.include({ given: offset, offset: 40 });
      }
      expect((await hosting.uploads.state(owner, id)).received).to.equal(40);
    });

    it("refuse more bytes than were announced, said or unsaid, and take none of the part", async () => {
      const owner = newOwner();
      const { id } = await hosting.uploads.begin(owner, { size: 100 });
      await hosting.uploads.append(owner, id, { offset: 0 }, streamOf(someBytes(40)));
      const said = hosting.uploads.append(owner, id, { offset: 40, length: 61 }, streamOf(someBytes(61)));
      expect((await refusal(said)).code).to.equal("upload.too-long");
      const unsaid = hosting.uploads.append(owner, id, { offset: 40 }, streamOf(someBytes(30), someBytes(31)));
      expect((await refusal(unsaid)).code).to.equal("upload.too-long");
      expect((await hosting.uploads.state(owner, id)).received).to.equal(40);
      expect(statSync(join(folder.uploads, `${id}.part`)).size).to.equal(40);
    });

    it("take a part with a checksum as a whole or not at all", async () => {
      const owner = newOwner();
      const bytes = someBytes(60, 5);
      const { id } = await hosting.uploads.begin(owner, { size: 60 });
      const right = { algorithm: "sha256", value: sha256(bytes) } as const;
      const wrong = { algorithm: "sha256", value: sha256(someBytes(61)) } as const;
      const refused = hosting.uploads.append(owner, id, { offset: 0, checksum: wrong }, streamOf(bytes));
      expect((await refusal(refused)).code).to.equal("upload.checksum-wrong");
      const cut = hosting.uploads.append(owner, id, { offset: 0, checksum: right }, cutOff(bytes.subarray(0, 30)));
      expect((await refusal(cut)).code).to.equal("upload.cut-off");
      expect((await hosting.uploads.state(owner, id)).received).to.equal(0);
      const done = await hosting.uploads.append(owner, id, { offset: 0, checksum: right }, streamOf(bytes));
      expect((await read(done.file as string)).equals(bytes)).to.equal(true);
    });

    it("keep nothing of a file that does not come to the digest that was given", async () => {
      const owner = newOwner();
      const { id } = await hosting.uploads.begin(owner, { size: 64, digest: sha256(someBytes(64, 6)) });
      const sent = hosting.uploads.append(owner, id, { offset: 0 }, streamOf(someBytes(64, 7)));
      expect((await refusal(sent)).code).to.equal("upload.digest-differs");
      expect((await refusal(hosting.uploads.state(owner, id))).code).to.equal("resource.not-found");
      expect(existsSync(folder.pathOf(sha256(someBytes(64, 7))))).to.equal(false);
      expect(readdirSync(folder.uploads).filter((name) => name.endsWith(".part"))).to.deep.equal([]);
    });

    it("let one request at a time write; one that has been silent gives way to the next", async () => {
      const owner = newOwner();
      const bytes = someBytes(1_000, 8);
      const { id } = await hosting.uploads.begin(owner, { size: 1_000 });
      const slow = new PassThrough();
      const first = hosting.uploads.append(owner, id, { offset: 0 }, slow);
      const firstEnd = refusal(first);
      slow.write(bytes.subarray(0, 300));
      while (slow.readableLength > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      const second = await refusal(hosting.uploads.append(owner, id, { offset: 0 }, streamOf(bytes)));
      expect(second.code).to.equal("upload.busy");
      folder.clock.advance(5_000);
      const third = await refusal(hosting.uploads.append(owner, id, { offset: 0 }, streamOf(bytes)));
      expect((await firstEnd).code).to.equal("upload.cut-off");
      expect(third.code).to.equal("upload.offset-wrong");
      expect(third.details.offset).to.equal(300);
      const done = await hosting.uploads.append(owner, id, { offset: 300 }, streamOf(bytes.subarray(300)));
      expect((await read(done.file as string)).equals(bytes)).to.equal(true);
    });

    it("are nobody else's business", async () => {
      const owner = newOwner();
      const { id } = await hosting.uploads.begin(owner, { size: 10 });
      for (const work of [
        hosting.uploads.state(newOwner(), id),
        hosting.uploads.append(newOwner(), id, { offset: 0 }, streamOf(someBytes(10))),
        hosting.uploads.end(newOwner(), id),
      ]) {
        expect((await refusal(work)).code).to.equal("resource.not-found");
      }
      expect((await hosting.uploads.state(owner, id)).received).to.equal(0);
    });

    it("refuse sizes beyond the limit, beyond the partner's room and beyond the disk", async () => {
      const owner = newOwner();
      const begin = (size: number, at = hosting) => refusal(at.uploads.begin(owner, { size }));
      expect((await begin(0)).code).to.equal("request.invalid");
      expect((await begin(64 * MIB + 1)).code).to.equal("file.too-large");
      for (let each = 0; each < 4; each++) await hosting.uploads.begin(owner, { size: 64 * MIB });
      const full = await begin(1);
      expect(full.code).to.equal("file.quota-exceeded");
      expect(full.details).to.deep.include({ quota: 256 * MIB, kept: 0, arriving: 256 * MIB });
      const small = await folder.open(database(), { limits: { reserve: Number.MAX_SAFE_INTEGER } });
      expect((await begin(1, small)).code).to.equal("store.full");
    });

    it("give room away once, however many ask at the same moment", async () => {
      const owner = newOwner();
      const asked = Array.from({ length: 6 }, () => hosting.uploads.begin(owner, { size: 60 * MIB }));
      const results = await Promise.allSettled(asked);
      expect(results.filter(({ status }) => status === "fulfilled")).to.have.length(4);
    });

    it("keep what was received when the disk is full, and go on when it is not", async () => {
      const owner = newOwner();
      const bytes = someBytes(3 * MIB, 9);
      const { id } = await hosting.uploads.begin(owner, { size: bytes.length });
      const staging = new Staging(folder.uploads, fullDisk(MIB + 4_096));
      const full = await folder.open(database(), { staging });
      const parts = Array.from({ length: 48 }, (_, index) => bytes.subarray(index * 65_536, (index + 1) * 65_536));
      const error = await refusal(full.uploads.append(owner, id, { offset: 0 }, streamOf(...parts)));
      expect(error.code).to.equal("store.full");
      expect(error.httpStatus).to.equal(507);
      const { received } = await hosting.uploads.state(owner, id);
      expect(received).to.be.within(MIB, MIB + 4_096);
      const done = await hosting.uploads.append(owner, id, { offset: received }, streamOf(bytes.subarray(received)));
      expect((await read(done.file as string)).equals(bytes)).to.equal(true);
    });

    it("go on where the store fails while it takes the file in", async () => {
      const owner = newOwner();
      const bytes = someBytes(5_000, 10);
      let broken = true;
      const failing = new (class extends DiskStore {
        override put(digest: string, path: string) {
          return broken ? Promise.reject(new BropError("store.full")) : super.put(digest, path);
        }
      })(folder.contents);
      const at = await folder.open(database(), { store: failing });
      const { id } = await at.uploads.begin(owner, { size: bytes.length });
      expect((await refusal(at.uploads.append(owner, id, { offset: 0 }, streamOf(bytes)))).code).to.equal("store.full");
      expect((await findUpload(database(), id))?.received).to.equal(5_000);
      broken = false;
      // Whoever asks next, or the keeper, brings it to its end.
      await new Keeper(at).tend();
      const { file } = await at.uploads.state(owner, id);
      expect((await read(file as string)).equals(bytes)).to.equal(true);
    });

    it("are forgotten with their bytes when nothing came for a while, and so are bytes that belong to none", async () => {
      const owner = newOwner();
      const { id } = await hosting.uploads.begin(owner, { size: 100 });
      await hosting.uploads.append(owner, id, { offset: 0 }, streamOf(someBytes(50)));
      const stray = `upload_${"ab".repeat(16)}`;
      appendFileSync(join(folder.uploads, `${stray}.part`), "left over");
      const keeper = new Keeper(hosting);
      await keeper.tend();
      expect(existsSync(join(folder.uploads, `${stray}.part`))).to.equal(false);
      expect((await hosting.uploads.state(owner, id)).received).to.equal(50);
      folder.clock.advance(3_600_000);
      expect((await refusal(hosting.uploads.state(owner, id))).code).to.equal("resource.not-found");
      await keeper.tend();
      expect(await findUpload(database(), id)).to.equal(undefined);
      expect(readdirSync(folder.uploads).filter((name) => name.endsWith(".part"))).to.deep.equal([]);
    });

    it("that are given up are gone, whoever is sending to them", async () => {
      const owner = newOwner();
      const { id } = await hosting.uploads.begin(owner, { size: 100 });
      const slow = new PassThrough();
      const sending = refusal(hosting.uploads.append(owner, id, { offset: 0 }, slow));
      slow.write(someBytes(10));
      await new Promise((resolve) => setTimeout(resolve, 20));
      await hosting.uploads.end(owner, id);
      expect((await sending).code).to.equal("upload.cut-off");
      expect((await refusal(hosting.uploads.state(owner, id))).code).to.equal("resource.not-found");
    });

    it("of another process's folder are not taken for lost", async () => {
      const owner = newOwner();
      const { id } = await hosting.uploads.begin(owner, { size: 100 });
      await hosting.uploads.append(owner, id, { offset: 0 }, streamOf(someBytes(50)));
      const elsewhere = new HostingFolder();
      try {
        const other = await elsewhere.open(database());
        expect((await refusal(other.uploads.state(owner, id))).code).to.equal("service.unavailable");
        await new Keeper(other).tend();
        expect((await hosting.uploads.state(owner, id)).received).to.equal(50);
      } finally {
        elsewhere.remove();
      }
    });
  });
});

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import { ContentMissing } from "../../src/hosting/content-store.ts";
import { Keeper } from "../../src/hosting/keeper.ts";
import { S3Store } from "../../src/hosting/s3-store.ts";
import { type FileRow, findFile } from "../../src/store/queries/hosting/files.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { HostingFolder, newOwner, someBytes } from "./hosting-parts.ts";
import { type S3Service, startS3 } from "./s3-service.ts";

const MIB = 1_048_576;
const nameOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("a bucket as the store of files", function () {
  this.timeout(30_000);
  let s3: S3Service;
  let folder: HostingFolder;
  let store: S3Store;

  beforeEach(async () => {
    s3 = await startS3();
    folder = new HostingFolder();
    store = new S3Store(s3, MIB);
  });
  afterEach(() => {
    s3.close();
    folder.remove();
  });

  const put = async (bytes: Buffer) => {
    const path = join(folder.root, "source");
    writeFileSync(path, bytes);
    await store.put(nameOf(bytes), path, bytes.length);
    return nameOf(bytes);
  };
  const read = async (name: string, from: number, to: number) => {
    const parts: Uint8Array[] = [];
    for await (const part of store.read(name, from, to)) parts.push(part);
    return Buffer.concat(parts);
  };
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => "done",
      (error: unknown) => (error instanceof BropError ? error.code : (error as Error).name),
    );

  it("takes small files in one piece and large ones in parts, and gives back what it took", async () => {
    for (const length of [1, MIB, MIB + 1, 3 * MIB + 5]) {
      const bytes = someBytes(length, length);
      const name = await put(bytes);
      expect(s3.objects.get(name)?.equals(bytes), String(length)).to.equal(true);
      expect(await store.sizeOf(name)).to.equal(length);
      expect((await read(name, 0, length)).equals(bytes)).to.equal(true);
      expect((await read(name, length - 1, length)).equals(bytes.subarray(length - 1))).to.equal(true);
    }
    expect(s3.uploads.size).to.equal(0);
    const listed: string[] = [];
    for await (const { digest } of store.list()) listed.push(digest);
    expect(listed).to.deep.equal([...s3.objects.keys()].sort());
    for (const name of listed) await store.remove(name);
    await store.remove(listed[0] as string);
    expect(s3.objects.size).to.equal(0);
  });

  it("says of what is not there, or not all there, that it is missing", async () => {
    const name = await put(someBytes(100));
    expect(await store.sizeOf("00".repeat(32))).to.equal(undefined);
    for (const [object, from, to] of [
      ["00".repeat(32), 0, 10],
      [name, 200, 300],
      [name, 50, 300],
    ] as const) {
      expect(await codeOf(read(object, from, to))).to.equal(ContentMissing.name);
    }
  });

  it("tries again what failed for a moment, and leaves nothing behind what failed for good", async () => {
    s3.faults.push(500, 503, 429);
    const name = await put(someBytes(200));
    expect(s3.objects.has(name)).to.equal(true);
    const large = someBytes(2 * MIB, 7);
    s3.faults.push(500, 500, 500);
    await put(large);
    s3.objects.clear();
    // The first part is taken, the second one refused.
    const refused = new S3Store(s3, MIB);
    const path = join(folder.root, "source");
    const taking = refused.put(nameOf(large), path, large.length);
    while (s3.uploads.size === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    s3.faults.push(403);
    expect(await codeOf(taking)).to.equal("service.unavailable");
    expect([s3.objects.size, s3.uploads.size]).to.deep.equal([0, 0]);
  });

  it("refuses a wrong key, a bucket that is not there, a service that does not answer, and a full one", async () => {
    expect(await codeOf(new S3Store({ ...s3, secret: "wrong" }).check())).to.equal("service.unavailable");
    expect(await codeOf(new S3Store({ ...s3, url: s3.url.replace("files", "other") }).check())).to.equal(
      "service.unavailable",
    );
    expect(await codeOf(store.check())).to.equal("done");
    s3.faults.push(...Array.from({ length: 5 }, () => 507));
    expect(await codeOf(put(someBytes(10)))).to.equal("store.full");
    for (const url of [
      "https://service",
      "https://service/bucket/folder",
      "https://service/bucket?x=1",
      "https://k@s/b",
    ]) {
      expect(() => new S3Store({ ...s3, url }))
        .to.throw(BropError)
        .with.property("code", "configuration.invalid");
    }
  });

  it("takes no name that is not a digest", async () => {
    for (const name of ["../other", "", "ab", `${"ab".repeat(32)}?acl`]) {
      expect(await codeOf(store.sizeOf(name)), name).to.equal("Error");
      expect(await codeOf(store.remove(name)), name).to.equal("Error");
    }
  });

  it("keeps files as the folder does, and a byte that flips in the bucket is found and not given out", async () => {
    const db = await openMigrated();
    const hosting = await folder.open(db, { store });
    try {
      const bytes = someBytes(2 * MIB + 9, 8);
      const body = Readable.from([bytes], { objectMode: false });
      const { file } = await hosting.take(newOwner(), { size: bytes.length }, body);
      const parts: Uint8Array[] = [];
      for await (const part of await hosting.files.open(file, 5, bytes.length)) parts.push(part);
      expect(Buffer.concat(parts).equals(bytes.subarray(5))).to.equal(true);
      const kept = s3.objects.get(nameOf(bytes)) as Buffer;
      kept[MIB + 3] = (kept[MIB + 3] as number) ^ 1;
      folder.clock.advance(86_400_001);
      const scrubbing = new Keeper(hosting).scrub();
      const timer = setInterval(() => folder.clock.advance(100), 1);
      await scrubbing.finally(() => clearInterval(timer));
      const row = (await findFile(db, file.id)) as FileRow;
      expect(await codeOf(hosting.files.open(row, 0, 10))).to.equal("store.damaged");
    } finally {
      await db.close();
    }
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { digestFile, digestNativeStream } from "../../src/core/digest.node.ts";
import { digestBytes } from "../../src/core/digest.ts";
import { BropError } from "../../src/core/errors.ts";

describe("digestFile", () => {
  const data = Uint8Array.from({ length: 3_500_000 }, (_, index) => (index * 7) % 253);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "brop-digest-"));
    await writeFile(join(folder, "data"), data);
    await writeFile(join(folder, "empty"), "");
  });

  after(() => rm(folder, { recursive: true }));

  it("gives the digest of the file's bytes", async () => {
    for (const algorithm of ["sha2-256", "sm3-256"] as const) {
      expect(await digestFile(join(folder, "data"), { algorithm })).to.deep.equal(digestBytes(data, algorithm));
    }
    expect(await digestFile(join(folder, "empty"))).to.deep.equal(digestBytes(new Uint8Array(0)));
  });

  it("reports progress in several steps up to the file's size", async () => {
    const seen: [number, number | undefined][] = [];
    await digestFile(join(folder, "data"), { onProgress: (done, total) => seen.push([done, total]) });
    expect(seen.length).to.be.within(2, 20);
    expect(seen.at(-1)).to.deep.equal([data.length, data.length]);
  });

  it("says that a file is missing or can not be read", async () => {
    expect(await codeOfRejection(digestFile(join(folder, "missing")))).to.equal("file.not-found");
    expect(await codeOfRejection(digestFile(join(folder, "data", "below")))).to.equal("file.not-found");
    expect(await codeOfRejection(digestFile(folder))).to.equal("file.unreadable");
  });

  it("lets an error of the progress callback through as it is", async () => {
    const onProgress = () => {
      throw new RangeError("stop");
    };
    const error = await digestFile(join(folder, "data"), { onProgress }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RangeError);
  });

  it("digests streams by native code too", async () => {
    expect(await digestNativeStream(new Blob([data]))).to.deep.equal(digestBytes(data));
  });
});

async function codeOfRejection(promise: Promise<unknown>): Promise<string | undefined> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined && !(error instanceof BropError)) throw error;
  return error?.code;
}

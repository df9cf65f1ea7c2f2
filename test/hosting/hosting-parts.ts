import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { ContentStore } from "../../src/hosting/content-store.ts";
import { DiskStore } from "../../src/hosting/disk-store.ts";
import { Hosting } from "../../src/hosting/hosting.ts";
import type { HostingLimits } from "../../src/hosting/limits.ts";
import type { Owner } from "../../src/hosting/owner.ts";
import { type GrowingFile, Staging } from "../../src/hosting/staging.ts";
import type { Database } from "../../src/store/database.ts";
import { ManualClock } from "../support/manual-clock.ts";

const MIB = 1_048_576;

export const LIMITS: HostingLimits = {
  largestFile: 64 * MIB,
  quota: 256 * MIB,
  reserve: 0,
  uploadPatience: 3_600_000,
  scrubInterval: 86_400_000,
};

/** A file store in a folder of its own, over a database of the test's. */
export class HostingFolder<Time extends Clock = ManualClock> {
  readonly root = mkdtempSync(join(tmpdir(), "brop-hosting-"));
  readonly clock: Time;

  constructor(clock = new ManualClock() as unknown as Time) {
    this.clock = clock;
  }

  get contents(): string {
    return join(this.root, "contents");
  }

  get uploads(): string {
    return join(this.root, "uploads");
  }

  /** Where the bytes of a content lie. */
  pathOf(digest: Uint8Array): string {
    const name = Buffer.from(digest).toString("hex");
    return join(this.contents, name.slice(0, 2), name.slice(2, 4), name);
  }

  /** A new process over what is there. */
  async open(
    db: Database,
    { limits = {}, store, staging }: { limits?: Partial<HostingLimits>; store?: ContentStore; staging?: Staging } = {},
  ): Promise<Hosting> {
    const uploads = staging ?? new Staging(this.uploads);
    await uploads.open();
    return new Hosting({
      ...{ db, store: store ?? new DiskStore(this.contents), staging: uploads, clock: this.clock },
      ...{ limits: { ...LIMITS, ...limits }, logger: silentLogger },
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

let owners = 0;

/** Somebody new, so that tests of one database do not meet. */
export function newOwner(): Owner {
  const account = new Uint8Array(20);
  new DataView(account.buffer).setUint32(16, ++owners);
  return { tenant: `0x${Buffer.from(account).toString("hex")}`, principal: "0123456789abcdef", account };
}

/** Bytes that are the same for the same seed, and look like nothing. */
export function someBytes(length: number, seed = 1): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(length);
  let state = seed * 2_654_435_761 + 1;
  for (let at = 0; at + 4 <= length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes.writeInt32LE(state, at);
  }
  return bytes;
}

/** Opens files on a disk that takes only so many bytes of each. */
export function fullDisk(room: number): ConstructorParameters<typeof Staging>[1] {
  return async (path, flags) => {
    const file = await open(path, flags);
    return {
      async writev(parts: Uint8Array[], position: number) {
        const left = room - position;
        if (left <= 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC", syscall: "write" });
        // A disk takes what fits, and fails with the next write.
        const bytesWritten = (await file.write(Buffer.concat(parts).subarray(0, left), 0, null, position)).bytesWritten;
        return { bytesWritten, buffers: parts };
      },
      truncate: (length) => file.truncate(length),
      datasync: () => file.datasync(),
      close: () => file.close(),
    } as GrowingFile;
  };
}

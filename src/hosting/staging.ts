import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freeBytes, isMissing, syncFolder, writeRefusal } from "./folders.ts";
import { PIECE } from "./limits.ts";

/** What is needed of a file that is open. */
export type GrowingFile = Pick<FileHandle, "writev" | "truncate" | "datasync" | "close">;
type OpenFile = (path: string, flags: string) => Promise<GrowingFile>;

const IDENTITY = "folder-id";
const SUFFIX = ".part";

/**
 * Where uploads grow, a file an upload. Only bytes that were synced count: how many is the database's to say, and what
 * lies behind them is cut off before more is written.
 */
export class Staging {
  readonly #root: string;
  readonly #open: OpenFile;
  #id = "";

  /** @param openFile opens the files of uploads */
  constructor(root: string, openFile: OpenFile = open) {
    this.#root = root;
    this.#open = openFile;
  }

  /** Names the folder: another process's uploads are not this one's. */
  get id(): string {
    return this.#id;
  }

  async open(): Promise<void> {
    await mkdir(this.#root, { recursive: true });
    const path = join(this.#root, IDENTITY);
    try {
      this.#id = (await readFile(path, "utf8")).trim();
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    if (/^[0-9a-f]{32}$/.test(this.#id)) return;
    this.#id = randomBytes(16).toString("hex");
    await writeFile(`${path}.new`, `${this.#id}\n`, { flush: true });
    await rename(`${path}.new`, path);
    await syncFolder(this.#root);
  }

  pathOf(upload: string): string {
    if (!/^upload_[0-9a-f]{32}$/.test(upload)) throw new Error("not an upload's identifier");
    return join(this.#root, `${upload}${SUFFIX}`);
  }

  /** Bytes that may still be written. */
  free(): Promise<number> {
    return freeBytes(this.#root);
  }

  /** Bytes of an upload that are there, counted or not. */
  async sizeOf(upload: string): Promise<number> {
    try {
      return (await stat(this.pathOf(upload))).size;
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  }

  /** An upload's file, cut to what counts, for writing behind it. */
  async continue(upload: string, received: number): Promise<StagedFile> {
    try {
      const made = received === 0;
      const handle = await this.#open(this.pathOf(upload), made ? "w" : "r+");
      await handle.truncate(received);
      if (made) await syncFolder(this.#root);
      return new StagedFile(handle, received);
    } catch (error) {
      throw writeRefusal(error);
    }
  }

  read(upload: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.pathOf(upload), { highWaterMark: PIECE });
  }

  remove(upload: string): Promise<void> {
    return rm(this.pathOf(upload), { force: true });
  }

  /** Uploads of which a file is there. */
  async list(): Promise<string[]> {
    const names = await readdir(this.#root);
    return names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
  }
}

/** A file that grows. */
export class StagedFile {
  readonly #handle: GrowingFile;
  #parts: Uint8Array[] = [];
  #waiting = 0;
  #position: number;

  constructor(handle: GrowingFile, position: number) {
    this.#handle = handle;
    this.#position = position;
  }

  /** Bytes that are written, synced or not. */
  get position(): number {
    return this.#position;
  }

  /** Takes bytes; they are written a piece at a time. @throws BropError `store.full` */
  async append(bytes: Uint8Array): Promise<void> {
    this.#parts.push(bytes);
    this.#waiting += bytes.length;
    if (this.#waiting >= PIECE) await this.#write();
  }

  /** Writes and syncs everything that was taken. @throws BropError `store.full`; what was written counts all the same */
  async sync(): Promise<void> {
    try {
      await this.#write();
    } finally {
      await this.#handle.datasync();
    }
  }

  /** Takes back what came after a position. */
  async cut(position: number): Promise<void> {
    this.#parts = [];
    this.#waiting = 0;
    await this.#handle.truncate(position);
    this.#position = position;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #write(): Promise<void> {
    let parts = this.#parts;
    this.#parts = [];
    this.#waiting = 0;
    try {
      while (parts.length > 0) {
        const { bytesWritten } = await this.#handle.writev(parts, this.#position);
        if (bytesWritten === 0) throw Object.assign(new Error("nothing was written"), { code: "ENOSPC" });
        this.#position += bytesWritten;
        parts = rest(parts, bytesWritten);
      }
    } catch (error) {
      throw writeRefusal(error);
    }
  }
}

/** What is left of parts when some bytes of them are written: the disk may take less than it was given. */
function rest(parts: readonly Uint8Array[], written: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  let done = written;
  for (const part of parts) {
    if (done < part.length) left.push(part.subarray(done));
    done = Math.max(0, done - part.length);
  }
  return left;
}

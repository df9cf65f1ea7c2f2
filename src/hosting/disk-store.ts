import { randomBytes } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ContentMissing, type ContentStore, checkName, isName } from "./content-store.ts";
import { isMissing, syncFolder, writeRefusal } from "./folders.ts";
import { PIECE } from "./limits.ts";

/** Folder of what is not in its place yet. */
const ARRIVING = "arriving";

/**
 * Contents as files in folders by the first two bytes of their names (`ab/cd/abcd…`), so that no folder has too many. A
 * name appears at once and whole: the file is put under a temporary name, synced, renamed, and the folder is synced.
 */
export class DiskStore implements ContentStore {
  readonly name: string;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    this.name = `folder ${root}`;
  }

  async put(digest: string, path: string): Promise<void> {
    const target = this.#path(digest);
    const folder = dirname(target);
    const temporary = join(this.#root, ARRIVING, randomBytes(8).toString("hex"));
    try {
      await this.#makeFolder(folder);
      await this.#makeFolder(dirname(temporary));
      await linkOrCopy(path, temporary);
      const file = await open(temporary, "r+");
      await file.sync().finally(() => file.close());
      await rename(temporary, target);
      await syncFolder(folder);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw writeRefusal(error);
    }
  }

  async *read(digest: string, from: number, to: number): AsyncIterable<Uint8Array> {
    let left = to - from;
    try {
      const stream = createReadStream(this.#path(digest), { start: from, end: to - 1, highWaterMark: PIECE });
      for await (const bytes of stream) {
        left -= (bytes as Uint8Array).length;
        yield bytes as Uint8Array;
      }
    } catch (error) {
      throw isUnreadable(error) ? new ContentMissing(digest, { cause: error }) : error;
    }
    if (left > 0) throw new ContentMissing(digest);
  }

  async sizeOf(digest: string): Promise<number | undefined> {
    try {
      return (await stat(this.#path(digest))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async remove(digest: string): Promise<void> {
    const path = this.#path(digest);
    try {
      await unlink(path);
      await syncFolder(dirname(path));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  async *list(): AsyncIterable<{ digest: string; size: number }> {
    for (const first of await namesIn(this.#root)) {
      for (const second of await namesIn(join(this.#root, first))) {
        for (const digest of await namesIn(join(this.#root, first, second))) {
          if (!isName(digest) || !digest.startsWith(first + second)) continue;
          const size = await this.sizeOf(digest);
          if (size !== undefined) yield { digest, size };
        }
      }
    }
  }

  /** Removes what a process that was killed had not put in its place yet. To be called when nothing is being put. */
  async tidy(): Promise<void> {
    await rm(join(this.#root, ARRIVING), { recursive: true, force: true });
  }

  #path(digest: string): string {
    const name = checkName(digest);
    return join(this.#root, name.slice(0, 2), name.slice(2, 4), name);
  }

  async #makeFolder(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made.startsWith(this.#root); made = dirname(made)) await syncFolder(made);
    await syncFolder(dirname(this.#root));
  }
}

/** The same bytes under another name: at no cost where the file system can, else copied. */
async function linkOrCopy(path: string, to: string): Promise<void> {
  try {
    await link(path, to);
  } catch (error) {
    if (!["EXDEV", "EPERM", "ENOTSUP", "EMLINK"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await copyFile(path, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
}

/** Nothing is there, or the disk can not give it back. */
function isUnreadable(error: unknown): boolean {
  return isMissing(error) || ["EIO", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

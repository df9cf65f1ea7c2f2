import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create, extract, list } from "tar";

/** A file of a package. */
export interface PackedFile {
  content: string | Uint8Array;
  /** 0o644 by default; 0o755 for programs, 0o600 for what only the node's owner may read. */
  mode?: number;
}

/** By path below the package's folder. */
export type PackedFiles = Readonly<Record<string, PackedFile>>;

/** The same files give the same archive: nothing in it tells when and by whom it was made. */
const TIME = new Date("2020-01-01T00:00:00Z");

/**
 * Packs files into a `.tar.gz`, in one folder.
 *
 * @param folder name of the folder in the archive
 * @param staging folder that only its owner can read, for the moment
 */
export async function pack(folder: string, files: PackedFiles, staging: string): Promise<Uint8Array> {
  await mkdir(staging, { recursive: true, mode: 0o700 });
  const work = await mkdtemp(join(staging, "pack-"));
  try {
    const paths = Object.keys(files).sort();
    for (const path of paths) {
      const { content, mode = 0o644 } = files[path] as PackedFile;
      const target = join(work, folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content, { mode, flag: "wx" });
      // The process's umask may have taken bits away.
      await chmod(target, mode);
    }
    const archive = join(work, "archive.tar.gz");
    // Files only, each by its name: folders would carry the bits of this machine's umask.
    const names = paths.map((path) => `${folder}/${path}`);
    await create({ cwd: work, file: archive, gzip: true, portable: true, mtime: TIME, strict: true }, names);
    return await readFile(archive);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Unpacks a package below a folder. */
export async function unpack(archive: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  // Owners are those of whoever unpacks; paths that lead outside are left out by the library, links do not occur.
  await extract({ file: archive, cwd: target, strict: true, preserveOwner: false, dmode: 0o755, filter: isPlain });
}

/** Reads one file of a package, which may be a key: nothing is written. Undefined when it is not there. */
export async function readPacked(archive: string, folder: string, path: string): Promise<string | undefined> {
  if (!existsSync(archive)) return undefined;
  let chunks: Uint8Array[] | undefined;
  await list({
    file: archive,
    strict: true,
    onReadEntry(entry) {
      if (entry.path !== `${folder}/${path}`) return;
      const own: Uint8Array[] = [];
      chunks = own;
      entry.on("data", (chunk) => own.push(chunk));
    },
  });
  return chunks === undefined ? undefined : Buffer.concat(chunks).toString("utf8");
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function isPlain(_path: string, entry: { type?: string } | object): boolean {
  return !("type" in entry) || entry.type === "File" || entry.type === "Directory";
}

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Entry, openPromise } from "yauzl";
import { BropError } from "../core/errors.ts";
import { BESU_RELEASE } from "./besu-release.ts";

/** What is installed, and from where. */
export interface BesuArchive {
  url: string;
  sha256: string;
}

export interface InstallOptions {
  /** Folder that Besu is put into; must not be there yet. */
  target: string;
  /** Archive that is at hand already; nothing is fetched then. */
  archive?: string;
  /** The release; the one that packages are made for by default. */
  release?: BesuArchive;
  /** Told how much has come, where that is known. */
  onProgress?: (bytes: number, all: number | undefined) => void;
}

const UNIX_MODE_SHIFT = 16;
const OWNER_MAY_RUN = 0o100;

/**
 * Fetches Besu's official release, checks its digest before anything in it is looked at, and unpacks it.
 *
 * @throws BropError `network.archive-wrong` when the digest differs or the archive leads out of its folder;
 * `chain.unreachable` when the release's site does not answer; `request.invalid` when the folder is there already
 */
export async function installBesu(options: InstallOptions): Promise<string> {
  const target = resolve(options.target);
  const { release = { url: BESU_RELEASE.archive, sha256: BESU_RELEASE.sha256 }, onProgress } = options;
  if (existsSync(target)) {
    throw new BropError("request.invalid", { field: "DIR", reason: `${target} is there already`, value: target });
  }
  await mkdir(dirname(target), { recursive: true });
  const work = await mkdtemp(`${target}.installing-`);
  try {
    const archive = options.archive ?? (await fetchArchive(release.url, join(work, "besu.zip"), onProgress));
    await requireDigest(archive, release.sha256);
    const unpacked = join(work, "unpacked");
    await unzip(archive, unpacked);
    await rename(await topFolder(unpacked), target);
    return target;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchArchive(url: string, path: string, onProgress: InstallOptions["onProgress"]): Promise<string> {
  const answer = await fetch(url).catch((cause: unknown) => {
    throw new BropError("chain.unreachable", { url }, `${new URL(url).host} does not answer`, { cause });
  });
  if (!answer.ok || answer.body === null) {
    throw new BropError("chain.unreachable", { url, status: answer.status }, `${url} is not to be had`);
  }
  const all = Number(answer.headers.get("content-length")) || undefined;
  let bytes = 0;
  await pipeline(
    answer.body,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        onProgress?.(bytes, all);
        yield chunk;
      }
    },
    createWriteStream(path),
  );
  return path;
}

async function requireDigest(path: string, expected: string): Promise<void> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const sha256 = hash.digest("hex");
  if (sha256 !== expected) throw new BropError("network.archive-wrong", { path, sha256, expected });
}

async function unzip(archive: string, target: string): Promise<void> {
  try {
    // The library refuses names that lead out of the folder; links become ordinary files.
    const zip = await openPromise(archive);
    try {
      for await (const entry of zip.eachEntry()) await extractEntry(zip, entry, target);
    } finally {
      zip.close();
    }
  } catch (cause) {
    const reason = (cause as Error).message;
    const words = `${archive} can not be unpacked: ${reason}`;
    throw new BropError("network.archive-wrong", { path: archive, reason }, words, { cause });
  }
}

type ZipFile = Awaited<ReturnType<typeof openPromise>>;

async function extractEntry(zip: ZipFile, entry: Entry, target: string): Promise<void> {
  const path = resolve(target, entry.fileName);
  if (!path.startsWith(target + sep)) throw new Error(`${entry.fileName} leads out of its folder`);
  if (entry.fileName.endsWith("/")) {
    await mkdir(path, { recursive: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
  const mode = entry.externalFileAttributes >>> UNIX_MODE_SHIFT;
  if ((mode & OWNER_MAY_RUN) !== 0) await chmod(path, 0o755);
}

/** A release has one folder at its top, `besu-VERSION`, with Besu's program in it. */
async function topFolder(unpacked: string): Promise<string> {
  const [name, ...others] = await readdir(unpacked);
  const folder = join(unpacked, name ?? "");
  const program = join(folder, "bin", "besu");
  if (others.length > 0 || !existsSync(program) || !(await stat(program)).isFile()) {
    throw new BropError("network.archive-wrong", { reason: "there is no bin/besu in it" });
  }
  await chmod(program, 0o755);
  return folder;
}

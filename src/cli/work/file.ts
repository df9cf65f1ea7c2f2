import { createReadStream, createWriteStream } from "node:fs";
import { access, link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { digestFile } from "../../core/digest.node.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex } from "../../core/hex.ts";
import { createFileKey } from "../../sdk/files/encryption.ts";
import { Files, type HostedFile } from "../../sdk/files/files.ts";
import { apiKeyOf, openApi } from "../api-client.ts";
import { progressBar } from "../progress-bar.ts";
import type { Session } from "../session.ts";
import { columns, details } from "../table.ts";

interface PutOptions {
  name?: string;
  type?: string;
  public?: boolean;
  until?: string;
  retainUntil?: string;
  encryptTo?: string[];
}

interface GetOptions {
  output?: string;
  identity?: string;
  digest?: string;
  force?: boolean;
}

const PIECE = 1_048_576;

export async function put(session: Session, path: string, options: PutOptions): Promise<void> {
  const { name = basename(path), type, until, retainUntil } = options;
  const encryptTo = await recipientsOf(options.encryptTo ?? []);
  const bar = progressBar(path, session.options);
  // With it an upload that was left can be found; of an encrypted file it is known only when it is encrypted.
  const digest = encryptTo.length > 0 ? {} : { digest: bytesToHex(await digestFile(path)) };
  const source = {
    stream: Readable.toWeb(createReadStream(path, { highWaterMark: PIECE })) as ReadableStream<Uint8Array>,
    size: (await stat(path)).size,
  };
  const file = await filesOf(session).put(source, {
    ...{ name: encryptTo.length > 0 && options.name === undefined ? `${name}.age` : name, encryptTo, ...digest },
    visibility: options.public === true ? "public" : "private",
    ...(type === undefined ? {} : { mediaType: type }),
    ...(until === undefined ? {} : { until }),
    ...(retainUntil === undefined ? {} : { retainUntil }),
    ...(bar === undefined ? {} : { onProgress: bar }),
  });
  session.output.result(file, () => described(file));
}

export async function get(session: Session, id: string, options: GetOptions): Promise<void> {
  const files = filesOf(session);
  const file = await files.info(id);
  // A name from elsewhere stays in this folder.
  const target = options.output ?? basename(file.name.replace(/\\/g, "/"));
  if (target === "" || target === "." || target === "..") session.misuse("error: name the file: --output FILE");
  const identities = options.identity === undefined ? [] : await identitiesOf(options.identity);
  const bytes = await files.get(id, {
    identities,
    ...(options.digest === undefined ? {} : { digest: options.digest }),
  });
  const arriving = `${target}.${process.pid}.arriving`;
  try {
    await pipeline(bytes, createWriteStream(arriving, { flags: "wx", flush: true }));
    if (options.force) await rename(arriving, target);
    else await appear(arriving, target);
  } finally {
    await rm(arriving, { force: true });
  }
  session.output.result({ ...file, output: target }, (paint) => `${paint.green("✓")} ${target}, as its digest says`);
}

export async function list(session: Session, { deleted = false }: { deleted?: boolean }): Promise<void> {
  const files: HostedFile[] = [];
  for await (const file of filesOf(session).list({ deleted })) files.push(file);
  session.output.result(files, () =>
    columns([
      ["ID", "BYTES", "WHO", deleted ? "DELETED" : "SINCE", "NAME"],
      ...files.map(({ id, size, visibility, keptFrom, deleted: end, name }) => [
        ...[id, String(size), visibility, end?.at ?? keptFrom, name],
      ]),
    ]),
  );
}

export async function show(session: Session, id: string): Promise<void> {
  const file = await filesOf(session).info(id);
  session.output.result(file, () => described(file));
}

export async function remove(session: Session, id: string, { reason }: { reason?: string }): Promise<void> {
  const file = await filesOf(session).remove(id, reason);
  session.output.result(file, (paint) => `${paint.green("✓")} ${file.id} is deleted`);
}

interface BillOptions {
  from?: string;
  to?: string;
  tenant?: string;
  csv?: boolean;
}

export async function bill(session: Session, { csv, ...period }: BillOptions): Promise<void> {
  if (csv) {
    const query = new URLSearchParams({ ...period, format: "csv" });
    const headers = { authorization: `Bearer ${apiKeyOf(session)}` };
    const { body } = await openApi(session, `/v1/file-usage?${query}`, { headers });
    if (body !== null) await pipeline(body, process.stdout, { end: false });
    return;
  }
  const usage = await filesOf(session).usage(period);
  session.output.result(usage, () =>
    details([
      ["account", usage.tenant],
      ["from", usage.from],
      ["to", usage.to],
      ["files", String(usage.files)],
      ["byte-days", usage.byteDays],
      ["byte-milliseconds", usage.byteMilliseconds],
    ]),
  );
}

export async function key(session: Session, path: string): Promise<void> {
  const { identity, recipient } = await createFileKey();
  await writeFile(path, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: "wx", flush: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === "EEXIST" ? new BropError("key.exists", { path }) : error;
    },
  );
  session.output.result({ recipient, identity: path }, () =>
    details([
      ["recipient", recipient],
      ["identity", path],
    ]),
  );
}

function filesOf(session: Session): Files {
  return new Files({ url: session.url, key: apiKeyOf(session) });
}

function described(file: HostedFile): string {
  return details([
    ["id", file.id],
    ["name", file.name],
    ["digest", file.digest],
    ["bytes", String(file.size)],
    ["readable by", file.visibility === "public" ? "everybody" : "its owner"],
    ["kept since", file.keptFrom],
    ["until", file.until ?? undefined],
    ["not deleted before", file.retainUntil ?? undefined],
    ["address", file.address],
    ["deleted", file.deleted === null ? undefined : `${file.deleted.at} by ${file.deleted.by}`],
    ["reason", file.deleted?.reason ?? undefined],
  ]);
}

/** A name that nobody has yet; on file systems without links, one that nobody had a moment ago. */
async function appear(arriving: string, target: string): Promise<void> {
  try {
    await link(arriving, target);
    return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isThere =
      code === "EEXIST" ||
      (await access(target).then(
        () => true,
        () => false,
      ));
    if (isThere)
      throw new BropError("request.invalid", { field: "--output", reason: "is there already", value: target });
  }
  await rename(arriving, target);
}

/** Recipients as they stand there, or a file of them, one a line, as age has it. */
async function recipientsOf(given: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(given.map((each) => (each.startsWith("age1") ? [each] : linesOf(each))));
  return lists.flat();
}

const identitiesOf = (path: string) => linesOf(path);

async function linesOf(path: string): Promise<string[]> {
  const lines = (await readFile(path, "utf8")).split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

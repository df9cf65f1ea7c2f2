import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Mutex, PGlite, type Results, type Transaction } from "@electric-sql/pglite";
import { BropError } from "../core/errors.ts";
import type { Database } from "./database.ts";
import { lockDirectory } from "./directory-lock.ts";
import { PgliteStatements } from "./pglite-statements.ts";
import { insideTransaction } from "./savepoint.ts";

const INT8 = 20;
const BYTEA = 17;
/** The server version that PGlite contains; a directory keeps it in PG_VERSION. */
const SERVER_VERSION = 18;

/** The embedded database, in a directory or, without one, in memory. */
export async function openPglite(directory?: string): Promise<Database> {
  if (directory === undefined) return wrap(await start({}), () => {});
  const path = resolve(directory);
  mkdirSync(dirname(path), { recursive: true });
  const unlock = lockDirectory(path);
  try {
    await prepare(path);
    const engine = await start({ dataDir: path }).catch((cause: unknown) => {
      throw damaged(path, "The embedded database does not start from it", cause);
    });
    return wrap(engine, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * An embedded database in memory that begins with what another one held.
 *
 * @param content tar archive of the other's data folder, as PGlite's `dumpDataDir` writes it
 */
export async function openPgliteCopy(content: Blob): Promise<Database> {
  return wrap(await start({ loadDataDir: content }), () => {});
}

/** Makes a new database aside and moves it into place whole, so that a crash meanwhile leaves nothing half made. */
async function prepare(path: string): Promise<void> {
  if (existsSync(path) && readdirSync(path).length > 0) {
    checkVersion(path);
    return;
  }
  const draft = `${path}.new`;
  rmSync(draft, { recursive: true, force: true });
  const engine = await start({ dataDir: draft });
  await engine.close();
  rmSync(path, { recursive: true, force: true });
  renameSync(draft, path);
}

function checkVersion(path: string): void {
  const file = join(path, "PG_VERSION");
  if (!existsSync(file)) throw damaged(path, "It holds other files and no database");
  const version = Number(readFileSync(file, "utf8"));
  if (version > SERVER_VERSION) throw new BropError("data.newer", { directory: path, version });
  if (version !== SERVER_VERSION) throw damaged(path, `Its PG_VERSION is not ${SERVER_VERSION}`);
}

function damaged(path: string, reason: string, cause?: unknown): BropError {
  return new BropError(
    "data.damaged",
    { directory: path, reason },
    `The data folder ${path} can not be used. ${reason}. Restore it from a backup, or move it away and start anew.`,
    { cause },
  );
}

async function start(from: { dataDir?: string; loadDataDir?: Blob }): Promise<PGlite> {
  const engine = new PGlite({ ...from, parsers: { [INT8]: Number, [BYTEA]: bytes } });
  await engine.waitReady;
  return engine;
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.slice(2), "hex"));
}

function wrap(engine: PGlite, unlock: () => void): Database {
  const statements = new PgliteStatements(engine);
  // One connection: while a transaction is under way, others wait.
  const connection = new Mutex();
  return {
    kind: "pglite",
    query: (text, params) =>
      connection.runExclusive(() =>
        params === undefined ? rowsOfLast(engine.exec(text)) : statements.run(text, params, true),
      ),
    transaction: (work) => connection.runExclusive(() => engine.transaction((tx) => work(inside(tx, statements)))),
    async close() {
      try {
        await engine.close();
      } finally {
        unlock();
      }
    },
  };
}

function inside(tx: Transaction, statements: PgliteStatements): Database {
  return insideTransaction("pglite", {
    async query(text, params) {
      if (tx.closed) throw new Error("the transaction has ended");
      return params === undefined ? rowsOfLast(tx.exec(text)) : statements.run(text, params, false);
    },
  });
}

async function rowsOfLast<Row>(results: Promise<Results[]>): Promise<Row[]> {
  return ((await results).at(-1)?.rows ?? []) as Row[];
}

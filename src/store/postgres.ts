import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { BropError } from "../core/errors.ts";
import type { Database } from "./database.ts";
import { insideTransaction } from "./savepoint.ts";

const INT8 = 20;
const BYTEA = 17;

/** A PostgreSQL server by its connection URL. */
export function openPostgres(url: string): Promise<Database> {
  return open(url, {}, run);
}

/** Milliseconds that one question of somebody else's may take. */
export const STATEMENT_TIMEOUT = 10_000;
/** Statements that a connection keeps prepared. What comes after these is planned each time. */
const MOST_PREPARED = 1_000;

/**
 * A server for questions of others: it changes nothing, gives up what takes longer than `STATEMENT_TIMEOUT`, and plans a
 * statement that comes again only once.
 */
export function openPostgresReader(url: string): Promise<Database> {
  const names = new Map<string, string>();
  const prepared = async <Row>(connection: pg.Pool | pg.PoolClient, text: string, values?: unknown[]) => {
    if (values === undefined) return run<Row>(connection, text);
    let name = names.get(text);
    if (name === undefined && names.size < MOST_PREPARED) {
      name = `brop_${names.size}`;
      names.set(text, name);
    }
    if (name === undefined) return run<Row>(connection, text, values);
    return (await connection.query({ name, text, values })).rows as Row[];
  };
  const options = "-c default_transaction_read_only=on";
  return open(url, { statement_timeout: STATEMENT_TIMEOUT, options }, prepared);
}

/**
 * Milliseconds after which the server gives up a transaction whose process says nothing: one that was put to sleep would
 * hold its locks, a key's lease among them, until it wakes.
 */
const SILENT_TRANSACTION = 20_000;

type Run = <Row>(connection: pg.Pool | pg.PoolClient, text: string, params?: unknown[]) => Promise<Row[]>;

async function open(url: string, options: pg.PoolConfig, run: Run): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    types: { getTypeParser },
    idle_in_transaction_session_timeout: SILENT_TRANSACTION,
    ...options,
  });
  // A connection that breaks while idle is replaced by the pool; the next query says so if the server is gone.
  pool.on("error", ignore);
  try {
    await pool.query("select 1");
  } catch (error) {
    await pool.end();
    throw unavailable(url, error);
  }
  return {
    kind: "postgres",
    query: (text, params) => run(pool, text, params),
    async transaction(work) {
      const client = await pool.connect();
      // A connection that breaks between two statements is told by the second one.
      client.on("error", ignore);
      let broken: Error | undefined;
      try {
        await client.query("begin");
        const result = await work(
          insideTransaction("postgres", {
            query: (text, params) => run(client, text, params),
            copy: (target, text) => pipeline(Readable.from(text), client.query(copyFrom(`copy ${target} from stdin`))),
          }),
        );
        await client.query("commit");
        return result;
      } catch (error) {
        await client.query("rollback").catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.off("error", ignore);
        client.release(broken);
      }
    },
    close: () => pool.end(),
    connections: () => {
      const { totalCount, idleCount, waitingCount } = pool;
      return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
    },
  };
}

const ignore = () => {};

async function run<Row>(connection: pg.Pool | pg.PoolClient, text: string, params?: unknown[]): Promise<Row[]> {
  const result = await (params === undefined ? connection.query(text) : connection.query(text, params));
  // Several statements give several results.
  const last = Array.isArray(result) ? result[result.length - 1] : result;
  return last.rows as Row[];
}

function getTypeParser(oid: number, format?: "text" | "binary") {
  if (oid === INT8) return (text: string) => Number(text);
  if (oid === BYTEA) return (text: string) => Uint8Array.from(pg.types.getTypeParser(BYTEA)(text));
  return pg.types.getTypeParser(oid, format as "text");
}

function unavailable(url: string, cause: unknown): BropError {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const database = address === undefined ? "PostgreSQL" : `${address.host}${address.pathname}`;
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new BropError(
    "service.unavailable",
    { database, reason },
    `The database ${database} does not answer: ${reason}`,
    { cause },
  );
}

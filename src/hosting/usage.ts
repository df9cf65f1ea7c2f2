import { BropError } from "../core/errors.ts";
import type { Database } from "../store/database.ts";
import { totalUsage, type UsageLine, usageLines } from "../store/queries/hosting/usage.ts";

/** A period of a statement, in milliseconds since 1970: from one moment until before another. */
export interface Period {
  from: number;
  to: number;
}

export interface Statement extends Period {
  /** Files that were kept at any moment of the period. */
  files: number;
  /** Bytes times milliseconds, exact. */
  byteMilliseconds: bigint;
  /** Whole bytes times days, and six places behind the point; cut off, never rounded up. */
  byteDays: string;
}

const DAY = 86_400_000n;
const PLACES = 1_000_000n;
const LINES_AT_A_TIME = 1_000;
/** What is being stored at this moment carries a time that is already over. */
const SETTLING = 60_000;

/**
 * A period that is over: what lies in the future can not be counted yet.
 * @throws BropError `request.invalid`
 */
export function checkPeriod({ from, to }: Period, now: number): Period {
  if (from >= to) throw new BropError("request.invalid", { field: "to", reason: "does not lie behind `from`" });
  if (to > now - SETTLING) {
    const reason = "a statement is about what is over: choose a time that lies a minute or more in the past";
    throw new BropError("request.invalid", { field: "to", reason, newest: new Date(now - SETTLING) });
  }
  return { from, to };
}

/**
 * What a tenant's files took in a period, from the rows that are never deleted: asked again later, the answer is the same.
 */
export async function statement(db: Database, tenant: string, { from, to }: Period): Promise<Statement> {
  const { files, byteMilliseconds } = await totalUsage(db, tenant, from, to);
  return { from, to, files, byteMilliseconds: BigInt(byteMilliseconds), byteDays: byteDays(BigInt(byteMilliseconds)) };
}

/** The lines of a statement, file by file, in the order in which the files came. */
export async function* statementLines(db: Database, tenant: string, period: Period): AsyncGenerator<UsageLine> {
  let after: { keptFrom: number; file: string } | undefined;
  for (;;) {
    const lines = await usageLines(db, tenant, period, after, LINES_AT_A_TIME);
    yield* lines;
    const last = lines.at(-1);
    if (last === undefined || lines.length < LINES_AT_A_TIME) return;
    after = last;
  }
}

/** @example byteDays(86_400_000n * 1_000n) === "1000.000000" */
export function byteDays(byteMilliseconds: bigint): string {
  const millionths = (byteMilliseconds * PLACES) / DAY;
  return `${millionths / PLACES}.${String(millionths % PLACES).padStart(6, "0")}`;
}

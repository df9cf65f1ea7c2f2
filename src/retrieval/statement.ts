import { BropError } from "../core/errors.ts";

const CANCELED = "57014";
const TABLE_GONE = "42P01";

/** Thrown when a table was made anew and dropped while a question was on its way: asked again it finds the new one. */
export class TableGone extends Error {}

/**
 * Runs a question of somebody's.
 *
 * @throws BropError `query.too-slow` when the database gave it up
 */
export async function guarded<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === CANCELED) throw new BropError("query.too-slow", {}, undefined, { cause: error });
    if (code === TABLE_GONE) throw new TableGone(undefined, { cause: error });
    throw error;
  }
}

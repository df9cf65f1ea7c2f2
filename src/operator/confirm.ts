import { BropError } from "../core/errors.ts";
import type { Database } from "../store/database.ts";
import { findApiKey } from "../store/queries/api-keys/api-keys.ts";
import { confirmAct, endAct, findAct } from "../store/queries/operator/acts.ts";

/** Keys are made by keys; a line longer than this is nobody's work. */
const LONGEST_LINE = 100;

/**
 * Confirms an act of somebody else's (two-person rule).
 *
 * @param by identifier of the key, or `account:0x…`
 * @throws BropError `resource.not-found`, `operator.not-waiting`; `operator.second-person` for who asked, and for a key that
 * the other one was made with: who makes keys can have two
 */
export async function confirm(db: Database, id: number, by: string, now: number): Promise<void> {
  const act = await findAct(db, id);
  if (act === undefined) throw new BropError("resource.not-found", { act: id });
  if (await isOnePerson(db, act.requested_by, by)) throw new BropError("operator.second-person", { act: id });
  if (!(await confirmAct(db, id, by, now))) throw new BropError("operator.not-waiting", { act: id, state: act.state });
}

/** Withdraws an act of which nothing is signed. @throws BropError `resource.not-found`, `operator.not-waiting` */
export async function withdraw(db: Database, id: number, by: string, now: number): Promise<void> {
  const act = await findAct(db, id);
  if (act === undefined) throw new BropError("resource.not-found", { act: id });
  const error = { ...new BropError("operator.withdrawn", { by }).toProblem() };
  if (await endAct(db, id, { state: "refused", error }, now, ["received"])) return;
  throw new BropError("operator.not-waiting", { act: id, state: act.state });
}

async function isOnePerson(db: Database, one: string, other: string): Promise<boolean> {
  return one === other || (await makersOf(db, one)).includes(other) || (await makersOf(db, other)).includes(one);
}

/** Keys that a key was made with, the nearest first. */
async function makersOf(db: Database, id: string): Promise<string[]> {
  const makers: string[] = [];
  for (let key = await findApiKey(db, id); key !== undefined && makers.length < LONGEST_LINE; ) {
    makers.push(key.createdBy);
    key = await findApiKey(db, key.createdBy);
  }
  return makers;
}

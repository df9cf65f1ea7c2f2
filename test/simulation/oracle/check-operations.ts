import type { Database } from "../../../src/store/database.ts";
import type { ConsortiumChain } from "../chain/consortium-chain.ts";
import type { SentOperation } from "../workload/clients.ts";
import { compareRows, readRows } from "./actual-tables.ts";
import type { ExpectedEvent, Row } from "./expected-tables.ts";

/** The definite end that the chain gives an operation; undefined: none yet. */
function endOf(chain: ConsortiumChain, sent: SentOperation): Row | undefined {
  const included = chain.inclusions.get(sent.hash);
  if (included !== undefined) {
    const { block, transaction, success } = included;
    return { state: "included", block_number: block, transaction_hash: transaction, success };
  }
  const { sender, nonce } = sent.operation;
  if (chain.usedNonces.has(`${sender.toLowerCase()} ${nonce}`)) return { state: "displaced" };
  return sent.deadline !== undefined && sent.deadline < chain.head ? { state: "expired" } : undefined;
}

/** What the access node says about operations, against the chain and against what people sent. */
export async function checkOperations(
  db: Database,
  chain: ConsortiumChain,
  operations: ReadonlyMap<string, SentOperation>,
): Promise<string[]> {
  const differences: string[] = [];
  const rows = new Map((await readRows(db, "operation_pool")).map((row) => [String(row.hash), row]));
  for (const [hash, row] of rows) {
    const sent = operations.get(hash);
    const say = (text: string) => differences.push(`operation ${hash}: ${text}`);
    if (sent?.offered !== true) {
      say("is in the pool and nobody offered it");
      continue;
    }
    if (!sent.accepted && !sent.unsure) say("is in the pool although it was refused");
    const end = endOf(chain, sent);
    const waits = sent.deadline === undefined && row.state === "received";
    if (end === undefined && !waits) say(`has no end, and the pool says ${row.state}`);
    for (const [name, value] of Object.entries(end ?? {})) {
      if (row[name] !== value) say(`${name} is ${row[name]}, by the chain ${value}`);
    }
  }
  for (const sent of operations.values()) {
    const inPool = rows.has(sent.hash);
    if (sent.accepted && !inPool && !chain.inclusions.has(sent.hash)) {
      differences.push(`operation ${sent.hash}: was accepted and is lost`);
    }
    differences.push(...checkTold(chain, sent));
  }
  for (const row of await readRows(db, "relay_bundles")) {
    if (chain.pool.some(({ hash }) => hash === row.transaction_hash)) continue;
    differences.push(`bundle ${row.transaction_hash}: is still noted as waiting`);
  }
  return differences;
}

/** Nobody may ever have been told an end that is not the chain's. */
function checkTold(chain: ConsortiumChain, sent: SentOperation): string[] {
  const end = endOf(chain, sent);
  return sent.told
    .filter(({ state }) => state === "included" || state === "expired" || state === "displaced")
    .filter(({ state, block, transaction }) => {
      if (state !== end?.state) return true;
      return state === "included" && (block !== end.block_number || transaction !== end.transaction_hash);
    })
    .map((told) => `operation ${sent.hash}: somebody was told ${JSON.stringify(told)}, the chain says ${end?.state}`);
}

/** Each operation of the pool, and each submission, that its deadline ended is told once as expired. */
async function checkExpired(db: Database, expired: readonly Row[]): Promise<string[]> {
  const asTold = ({ hash, sender, nonce, deadline }: Row) => ({ userOpHash: hash, sender, nonce, deadline });
  // One that was displaced is told as expired at its deadline, too: it can never be included.
  const inPool = (row: Row) => row.deadline !== null && (row.state === "expired" || row.state === "displaced");
  const submissions = await readRows(db, "submissions");
  const ended = [
    ...(await readRows(db, "operation_pool")).filter(inPool),
    ...submissions.filter(({ state }) => state === "expired"),
  ];
  const due = new Map(ended.map((row) => [row.hash, asTold(row)]));
  // Whether a submission was displaced may be known before its deadline or after it.
  const perhaps = new Set(submissions.filter(({ state }) => state === "rejected").map(({ hash }) => hash));
  const told = expired.map(({ data }) => data as Row);
  return compareRows(
    "operation.expired",
    [...due.values()],
    told.filter(({ userOpHash }) => due.has(userOpHash) || !perhaps.has(userOpHash)),
  );
}

/** The events of the store against those of the blocks, with those of operations that expired. @returns all of them */
export async function checkEvents(
  db: Database,
  chain: ConsortiumChain,
  expected: readonly ExpectedEvent[],
): Promise<{ differences: string[]; events: ExpectedEvent[] }> {
  const rows = await readRows(db, "events");
  const expired = rows.filter(({ type }) => type === "operation.expired");
  const events = expected.map((event) => ({ ...event }));
  const differences = compareRows(
    "events",
    events.map(({ block, log, transaction, ...event }) => ({
      ...{ ...event, block_number: block, log_index: log, transaction_hash: transaction },
    })),
    rows.filter(({ type }) => type !== "operation.expired"),
  );
  differences.push(...(await checkExpired(db, expired)));
  for (const row of expired) {
    const block = Number(row.block_number);
    const { deadline } = row.data as { deadline: number };
    const blockAdded = expected.find((event) => event.block === block && event.type === "block.added");
    if (block < deadline || blockAdded === undefined || Number(row.log_index) <= blockAdded.log || block > chain.head) {
      differences.push(`operation.expired stands at the wrong place: ${JSON.stringify(row)}`);
    }
    events.push({
      ...{ block, log: Number(row.log_index), type: "operation.expired", contract: null, transaction: null },
      data: row.data as Row,
    });
  }
  events.sort((one, other) => one.block - other.block || one.log - other.log);
  return { differences, events };
}

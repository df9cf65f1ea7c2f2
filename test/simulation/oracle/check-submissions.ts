import type { Database } from "../../../src/store/database.ts";
import type { ConsortiumChain } from "../chain/consortium-chain.ts";
import type { PartnerSystems } from "../workload/partner-systems.ts";
import { readRows } from "./actual-tables.ts";
import type { Row } from "./expected-tables.ts";

/** What was handed over: stored once, and brought to the end that the chain has. */
export async function checkSubmissions(
  db: Database,
  chain: ConsortiumChain,
  { handedOver }: PartnerSystems,
): Promise<string[]> {
  const differences: string[] = [];
  const rows = await readRows(db, "submissions");
  const keys = new Map((await readRows(db, "idempotency_keys")).map((row) => [row.key, row]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const known = new Map(handedOver.map((one) => [one.hash, one]));
  for (const one of handedOver) {
    const say = (text: string) => differences.push(`submission of ${one.hash}: ${text}`);
    if (one.others.length > 0) say(`was answered as ${one.id} and as ${one.others}`);
    if (one.id !== undefined && byId.get(one.id)?.hash !== one.hash) say("was answered and is lost");
    if (one.id !== undefined && keys.get(one.key)?.subject !== one.id) say("its idempotency key is lost");
  }
  for (const row of rows) {
    const say = (text: string) => differences.push(`submission of ${row.hash}: ${text}`);
    const one = known.get(String(row.hash));
    if (one === undefined || !one.tried) {
      say("nobody handed it over");
      continue;
    }
    if (keys.get(one.key)?.subject !== row.id) say("is stored without its idempotency key");
    for (const [name, value] of Object.entries(endOf(chain, one.hash, one.operation.sender, one.operation.nonce))) {
      if (row[name] !== value) say(`${name} is ${row[name]}, by the chain ${value}`);
    }
    if (row.ended_at === null) say("has no end");
  }
  return differences;
}

function endOf(chain: ConsortiumChain, hash: string, sender: string, nonce: bigint): Row {
  const included = chain.inclusions.get(hash);
  if (included !== undefined) {
    const { block, transaction, success } = included;
    return { state: "included", block_number: block, transaction_hash: transaction, success };
  }
  return { state: chain.usedNonces.has(`${sender.toLowerCase()} ${nonce}`) ? "rejected" : "expired" };
}

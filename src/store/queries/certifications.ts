import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { type Order, type PageRequest, readPage } from "./page.ts";

export interface CertificationRow {
  account: Uint8Array;
  certifier: Uint8Array;
  level: number;
  status: number;
  responsible: boolean;
  issued_at: number;
  expires_at: number;
  digest: Uint8Array;
  ground: Uint8Array | null;
  transaction_hash: Uint8Array;
  from_block: number;
  to_block: number | null;
}

const COLUMNS = `c.account, c.certifier, c.level, c.status, c.responsible, c.issued_at, c.expires_at, c.digest, c.ground,
  c.transaction_hash, c.from_block`;

export const CERTIFICATION_ORDER: Order = {
  columns: { "c.from_block": "integer", "c.from_log": "integer", "c.account": "bytes" },
  direction: "desc",
};

export interface CertificationFilter {
  account?: Uint8Array | undefined;
  certifier?: Uint8Array | undefined;
  /** Also the versions that no longer hold. */
  history?: boolean | undefined;
  at?: number | undefined;
}

/** Newest first. */
export function findCertifications(db: Database, filter: CertificationFilter, page: PageRequest) {
  const conditions = new Conditions().equal("c.account", filter.account).equal("c.certifier", filter.certifier);
  if (!filter.history) conditions.version("c", filter.at);
  else if (filter.at !== undefined) conditions.add("c.from_block <= ?", filter.at);
  // As of a block nobody knows what ended later.
  const known = filter.at === undefined ? "" : `case when c.to_block <= ${conditions.parameter(filter.at)} then`;
  const select = `${COLUMNS}, ${known} c.to_block ${known === "" ? "" : "end"} as to_block`;
  const from = "certifications c";
  return readPage<CertificationRow>(db, { select, from, conditions, order: CERTIFICATION_ORDER, page });
}

/** Partners.Status.Terminated: nothing that such a partner certified is live. */
const TERMINATED = 3;

/** An account's strongest live level at the end of a block, 0 for none, as Certifications.levelOf answered then. */
export async function levelOf(db: Database, account: Uint8Array, at?: number): Promise<number> {
  const conditions = new Conditions();
  const held = conditions.versionOf("c", at);
  const ruled = conditions.versionOf("l", at);
  const stood = conditions.versionOf("p", at);
  const block = at === undefined ? "(select block_number from chain)" : conditions.parameter(at);
  conditions.add("c.account = ?", account).add("c.status = 1 and l.rank > 0");
  const rows = await db.query<{ level: number }>(
    `select c.level from certifications c
     join levels l on l.level = c.level and ${ruled}
     join blocks b on b.number = ${block} and c.expires_at > b.timestamp
     left join partners p on p.partner = c.certifier and ${stood}
     ${conditions} and ${held} and coalesce(p.status, 0) <> ${TERMINATED} order by l.rank desc limit 1`,
    conditions.parameters,
  );
  return rows[0]?.level ?? 0;
}

import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";

export interface AccountNameRow {
  name: string;
  /** As AccountNames counts: 1 certified, 2 custom. */
  kind: number;
  certifier: Uint8Array | null;
}

/** The name that an account agreed to show, as of block `at`. */
export async function findAccountName(db: Database, account: Uint8Array, at?: number) {
  const conditions = new Conditions().add("n.account = ?", account).add("n.name is not null").version("n", at);
  const rows = await db.query<AccountNameRow>(
    `select n.name, n.kind, n.certifier from account_names n${conditions}`,
    conditions.parameters,
  );
  return rows[0];
}

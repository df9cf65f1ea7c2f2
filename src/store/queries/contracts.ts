import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";

export interface ContractRow {
  name: string;
  address: Uint8Array;
  version: number;
  abi_digest: Uint8Array;
  from_block: number;
}

/** Directory's entries by name. */
export function findContracts(db: Database, at?: number): Promise<ContractRow[]> {
  const conditions = new Conditions().version("c", at);
  return db.query(
    `select c.name, c.address, c.version, c.abi_digest, c.from_block from contracts c${conditions} order by c.name`,
    conditions.parameters,
  );
}

import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { newestFirst, type PageRequest, readPage } from "./page.ts";

export interface DocumentRow {
  document: string;
  version: number;
  publisher: Uint8Array;
  digest: Uint8Array;
  location: string;
  in_force: boolean;
  signatures: number;
  transaction_hash: Uint8Array;
  block_number: number;
  timestamp: number;
}

export interface SignatureRow {
  document: string;
  version: number;
  account: Uint8Array;
  digest: Uint8Array;
  signed_digest: Uint8Array;
  location: string;
  signature: Uint8Array;
  transaction_hash: Uint8Array;
  block_number: number;
  timestamp: number;
}

export const DOCUMENT_ORDER = newestFirst("d");

/** Versions of legal documents, newest first; in force is the last one of each by the end of block `at`. */
export function findDocuments(
  db: Database,
  filter: { document?: string | undefined; at?: number | undefined },
  page: PageRequest,
) {
  const conditions = new Conditions().equal("d.document", filter.document).happened("d", filter.at);
  const upTo = filter.at === undefined ? "" : ` and other.block_number <= ${conditions.parameter(filter.at)}`;
  const select = `d.document, d.version, d.publisher, d.digest, d.location, d.transaction_hash, d.block_number, b.timestamp,
    not exists (select 1 from legal_documents other
      where other.document = d.document and other.version > d.version${upTo}) as in_force,
    (select count(*) from signatures other
      where other.document = d.document and other.version = d.version${upTo}) as signatures`;
  const from = "legal_documents d join blocks b on b.number = d.block_number";
  return readPage<DocumentRow>(db, { select, from, conditions, order: DOCUMENT_ORDER, page });
}

/** What an account signed, newest first. */
export function signaturesOf(db: Database, account: Uint8Array, at?: number): Promise<SignatureRow[]> {
  const conditions = new Conditions().add("s.account = ?", account).happened("s", at);
  return db.query(
    `select s.document, s.version, s.account, s.digest, s.signed_digest, s.location, s.signature, s.transaction_hash,
      s.block_number, b.timestamp
     from signatures s join blocks b on b.number = s.block_number${conditions}
     order by s.block_number desc, s.log_index desc`,
    conditions.parameters,
  );
}

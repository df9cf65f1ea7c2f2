import type { DataRow } from "../../retrieval/data-row.ts";
import type { ApiContext } from "../context.ts";
import type { RowProof } from "../shapes/data.ts";

/** The inclusion proof of the transaction that made a row's record. */
export async function proofOfRow({ receiptProof }: ApiContext, row: DataRow): Promise<RowProof> {
  if (row.transaction_hash === null) return { proof: null, proofUnavailable: "the row is not recorded on chain" };
  if (receiptProof === undefined) return { proof: null, proofUnavailable: "this process has no access to the chain" };
  return receiptProof(`0x${row.transaction_hash}`);
}

/** Proofs of a page: rows that one transaction recorded have the same one. */
export async function proofsOfRows(context: ApiContext, rows: readonly DataRow[]): Promise<RowProof[]> {
  const proofs = new Map<string | null, Promise<RowProof>>();
  for (const row of rows) {
    if (!proofs.has(row.transaction_hash)) proofs.set(row.transaction_hash, proofOfRow(context, row));
  }
  return Promise.all(rows.map((row) => proofs.get(row.transaction_hash) as Promise<RowProof>));
}

import { bytesToHex } from "../../../core/hex.ts";
import type { Database } from "../../database.ts";

/** Bytes of an account's current signer (ERC-7913): 20 for an ordinary key; undefined for an account that is not indexed. */
export async function signerLength(db: Database, account: string): Promise<number | undefined> {
  const [row] = await db.query<{ bytes: number }>(
    `select octet_length(signer)::int8 as bytes from account_signers
     where account = decode($1, 'hex') and to_block is null`,
    [account.slice(2)],
  );
  return row?.bytes;
}

/** An account's current signer (ERC-7913), `0x...`; undefined for an account that is not indexed. */
export async function currentSigner(db: Database, account: string): Promise<string | undefined> {
  const [row] = await db.query<{ signer: Uint8Array }>(
    "select signer from account_signers where account = decode($1, 'hex') and to_block is null",
    [account.slice(2)],
  );
  return row === undefined ? undefined : bytesToHex(row.signer);
}

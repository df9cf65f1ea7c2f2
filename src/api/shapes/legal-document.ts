import type { DocumentRow, SignatureRow } from "../../store/queries/legal-documents.ts";
import { toAddress, toHex, toTime } from "../format.ts";
import { address, blockNumber, bytes, described, flag, hash, objectOf, text, time, whole } from "../schema.ts";

export const documentSchema = objectOf({
  document: text,
  version: whole,
  publisher: address,
  digest: described(hash, "SHA-256 of the text"),
  location: described(text, "Where the text can be had"),
  inForce: described(flag, "Whether it is the last version"),
  signatures: described(whole, "Accounts that signed this version"),
  publishedAt: time,
  blockNumber,
  transactionHash: hash,
});

export const signatureSchema = objectOf({
  document: text,
  version: whole,
  account: address,
  digest: described(hash, "SHA-256 of the text that was signed"),
  signedDigest: described(hash, "SHA-256 of the signed copy"),
  location: described(text, "Where the signed copy can be had"),
  signature: described(bytes, "The account's signature (ERC-1271)"),
  signedAt: time,
  blockNumber,
  transactionHash: hash,
});

export function showDocument(row: DocumentRow) {
  return {
    document: row.document,
    version: row.version,
    publisher: toAddress(row.publisher),
    digest: toHex(row.digest),
    location: row.location,
    inForce: row.in_force,
    signatures: row.signatures,
    publishedAt: toTime(row.timestamp),
    blockNumber: row.block_number,
    transactionHash: toHex(row.transaction_hash),
  };
}

export function showSignature(row: SignatureRow) {
  return {
    document: row.document,
    version: row.version,
    account: toAddress(row.account),
    digest: toHex(row.digest),
    signedDigest: toHex(row.signed_digest),
    location: row.location,
    signature: toHex(row.signature),
    signedAt: toTime(row.timestamp),
    blockNumber: row.block_number,
    transactionHash: toHex(row.transaction_hash),
  };
}

import type { LinkRow, ObjectRow } from "../../store/queries/objects.ts";
import { orNull, toAddress, toHex, toTime } from "../format.ts";
import { address, blockNumber, described, hash, listOf, nullable, objectOf, time, whole } from "../schema.ts";
import { recordSchema, showRecord } from "./record.ts";

const objectMembers = {
  id: hash,
  owner: address,
  key: described(hash, "Digest of the object's business key"),
  length: described(whole, "Number of links"),
  head: nullable(described(hash, "Digest of the last link")),
  openedAt: time,
  blockNumber,
  transactionHash: hash,
};

export const objectSchema = objectOf(objectMembers);
export const objectDetailSchema = objectOf({
  ...objectMembers,
  writers: listOf(address, "Accounts that may add links besides the owner"),
});
export const linkSchema = objectOf({
  position: described(whole, "From 0, without gaps"),
  previous: nullable(described(hash, "Digest of the link before it; null for the first")),
  digest: hash,
  record: recordSchema,
});

export function showObject(row: ObjectRow) {
  return {
    id: toHex(row.id),
    owner: toAddress(row.owner),
    key: toHex(row.key),
    length: row.length,
    head: orNull(row.head, toHex),
    openedAt: toTime(row.timestamp),
    blockNumber: row.block_number,
    transactionHash: toHex(row.transaction_hash),
  };
}

export function showLink(row: LinkRow) {
  return {
    position: row.position,
    previous: orNull(row.previous, toHex),
    digest: toHex(row.digest),
    record: showRecord(row),
  };
}

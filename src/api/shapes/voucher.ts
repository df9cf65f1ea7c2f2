import type { HolderRow, HoldingRow } from "../../store/queries/holdings.ts";
import type { TransferRow } from "../../store/queries/transfers.ts";
import type { ApplicationRow } from "../../store/queries/voucher-applications.ts";
import type { VoucherRow } from "../../store/queries/vouchers.ts";
import { orNull, toAddress, toHex, toTime } from "../format.ts";
import {
  address,
  amount,
  blockNumber,
  described,
  hash,
  nullable,
  objectOf,
  oneOf,
  text,
  time,
  whole,
} from "../schema.ts";

/** As VoucherFactory.VoucherType counts. */
const TYPES = ["splittable", "lots"] as const;
/** As VoucherFactory.Status counts. */
export const APPLICATION_STATUSES = ["none", "applied", "withdrawn", "refused", "created"] as const;

const termsMembers = {
  name: text,
  symbol: text,
  product: described(text, "What the voucher stands for"),
  issuer: address,
  type: oneOf(TYPES),
  decimals: described(whole, "Decimal places that are shown"),
  cap: described(amount, "Most base units that may circulate"),
  holderLevel: described(whole, "Lowest certification level of a holder"),
  legalCategory: text,
  termsDigest: described(hash, "SHA-256 of the terms document"),
  declarationDigest: described(hash, "SHA-256 of the issuer's declaration on the legal category"),
  uri: described(text, "Where terms and metadata can be had"),
};

export const voucherSchema = objectOf({
  address,
  ...termsMembers,
  application: described(whole, "Number of its application"),
  circulating: described(amount, "Base units allocated and not redeemed"),
  holders: described(whole, "Accounts that hold some"),
  createdAt: time,
  blockNumber,
  transactionHash: hash,
});

export const applicationSchema = objectOf({
  id: whole,
  ...termsMembers,
  status: oneOf(APPLICATION_STATUSES.slice(1)),
  ground: nullable(described(hash, "Digest of the ground of the refusal")),
  voucher: nullable(address),
  changedAt: described(time, "Of the last change of status"),
  blockNumber,
});

export const holderSchema = objectOf({ holder: address, lot: text, amount });
export const holdingSchema = objectOf({
  voucher: address,
  name: text,
  symbol: text,
  decimals: whole,
  issuer: address,
  lot: text,
  amount,
});
export const transferSchema = objectOf({
  lot: text,
  sender: nullable(described(address, "Null: newly allocated")),
  recipient: nullable(described(address, "Null: no longer in circulation")),
  executor: described(address, "Account that carried it out"),
  amount,
  time,
  blockNumber,
  logIndex: whole,
  transactionHash: hash,
});

function showTerms(row: VoucherRow | ApplicationRow) {
  return {
    name: row.name,
    symbol: row.symbol,
    product: row.product,
    issuer: toAddress(row.issuer),
    type: TYPES[row.voucher_type] as string,
    decimals: row.decimals,
    cap: row.cap,
    holderLevel: row.holder_level,
    legalCategory: row.legal_category,
    termsDigest: toHex(row.terms_digest),
    declarationDigest: toHex(row.declaration_digest),
    uri: row.uri,
  };
}

export function showVoucher(row: VoucherRow) {
  return {
    address: toAddress(row.address),
    ...showTerms(row),
    application: row.application,
    circulating: row.circulating,
    holders: row.holders,
    createdAt: toTime(row.timestamp),
    blockNumber: row.block_number,
    transactionHash: toHex(row.transaction_hash),
  };
}

export function showApplication(row: ApplicationRow) {
  return {
    id: row.id,
    ...showTerms(row),
    status: APPLICATION_STATUSES[row.status] as string,
    ground: orNull(row.ground, toHex),
    voucher: orNull(row.voucher, toAddress),
    changedAt: toTime(row.timestamp),
    blockNumber: row.from_block,
  };
}

export function showHolder(row: HolderRow) {
  return { holder: toAddress(row.holder), lot: row.lot, amount: row.amount };
}

export function showHolding(row: HoldingRow) {
  return {
    voucher: toAddress(row.voucher),
    name: row.name,
    symbol: row.symbol,
    decimals: row.decimals,
    issuer: toAddress(row.issuer),
    lot: row.lot,
    amount: row.amount,
  };
}

export function showTransfer(row: TransferRow) {
  return {
    lot: row.lot,
    sender: orNull(row.sender, toAddress),
    recipient: orNull(row.recipient, toAddress),
    executor: toAddress(row.executor),
    amount: row.amount,
    time: toTime(row.timestamp),
    blockNumber: row.block_number,
    logIndex: row.log_index,
    transactionHash: toHex(row.transaction_hash),
  };
}

import { type AppendedTable, change, event, position, type RowOf, type VersionedTable } from "./tables/columns.ts";
import { APPENDED_EVIDENCE, VERSIONED_EVIDENCE } from "./tables/evidence.ts";
import { APPENDED_GOVERNANCE, VERSIONED_GOVERNANCE } from "./tables/governance.ts";
import { VERSIONED_IDENTITY } from "./tables/identity.ts";
import { APPENDED_VOUCHERS, VERSIONED_VOUCHERS } from "./tables/vouchers.ts";

export type { AppendedTable, ColumnKind, Columns, ColumnType, RowOf, VersionedTable } from "./tables/columns.ts";

/**
 * The tables that the indexer fills, as migrations 0001, 0003-0007 and 0013 make them; `test/store/tables.test.ts` compares
 * both. Columns are named as in SQL. A `?` allows null.
 */
export const APPENDED = {
  transactions: {
    columns: {
      hash: "bytes",
      block_number: "integer",
      transaction_index: "integer",
      sender: "bytes",
      recipient: "bytes?",
      success: "boolean",
      gas_used: "integer",
    },
  },
  operations: {
    columns: {
      hash: "bytes",
      sender: "bytes",
      nonce: "numeric",
      success: "boolean",
      gas_used: "integer",
      ...event,
    },
  },
  operation_reverts: { columns: { operation: "bytes", reason: "bytes", ...position } },
  votes: { columns: { proposal: "integer", seat: "bytes", votes: "integer", seats: "integer", ...event } },
  accounts: { columns: { address: "bytes", number: "integer", creator: "bytes", ...event } },
  legal_documents: {
    columns: { document: "text", version: "integer", publisher: "bytes", digest: "bytes", location: "text", ...event },
  },
  signatures: {
    columns: {
      document: "text",
      version: "integer",
      account: "bytes",
      digest: "bytes",
      signed_digest: "bytes",
      location: "text",
      signature: "bytes",
      ...event,
    },
  },
  records: {
    columns: {
      id: "bytes",
      owner: "bytes",
      digest: "bytes",
      subject: "bytes?",
      algorithm: "integer",
      kind: "integer",
      responsible: "bytes?",
      business_key: "bytes?",
      refers_to: "bytes?",
      recorded_at: "integer",
      ...event,
    },
  },
  objects: { columns: { id: "bytes", owner: "bytes", key: "bytes", ...event } },
  object_links: {
    columns: {
      object: "bytes",
      position: "integer",
      record: "bytes",
      previous: "bytes?",
      digest: "bytes",
      ...position,
    },
  },
  vouchers: { columns: { address: "bytes", application: "integer", issuer: "bytes", ...event } },
  voucher_transfers: {
    columns: {
      voucher: "bytes",
      lot: "numeric",
      sender: "bytes?",
      recipient: "bytes?",
      executor: "bytes",
      amount: "numeric",
      ...event,
      item: "integer",
    },
  },
  allocations: {
    columns: {
      voucher: "bytes",
      lot: "numeric",
      recipient: "bytes",
      amount: "numeric",
      circulating: "numeric",
      ...event,
    },
  },
  quota_charges: {
    columns: { account: "bytes", payer: "bytes", points: "numeric", operations: "integer", block_number: "integer" },
  },
  events: {
    columns: { type: "text", contract: "bytes?", transaction_hash: "bytes?", data: "jsonText", ...position },
  },
  ...APPENDED_EVIDENCE,
  ...APPENDED_GOVERNANCE,
  ...APPENDED_VOUCHERS,
} as const satisfies Record<string, AppendedTable>;

/** Apart from the other appended tables because its own number is the block's. */
export const BLOCKS = {
  columns: {
    number: "integer",
    hash: "bytes",
    parent_hash: "bytes",
    timestamp: "integer",
    proposer: "bytes",
    transaction_count: "integer",
    gas_used: "integer",
  },
} as const satisfies AppendedTable;

export const VERSIONED = {
  contracts: {
    key: { name: "text" },
    state: { address: "bytes", version: "integer", abi_digest: "bytes", ...change },
  },
  senders: {
    key: { sender: "bytes" },
    state: {
      kind: "integer",
      target: "bytes?",
      valid_from: "integer?",
      allowance: "integer?",
      partner: "bytes?",
      ground: "bytes?",
      ...change,
    },
  },
  parameters: { key: { name: "text" }, state: { value: "numeric", ...change } },
  proposals: {
    key: { id: "integer" },
    state: {
      proposer: "bytes",
      calls: "json",
      reason: "bytes",
      status: "integer",
      votes: "integer",
      seats: "integer",
      executable_from: "integer?",
      executable_until: "integer?",
      ...change,
    },
  },
  seats: { key: { seat: "bytes" }, state: { seated: "boolean", ...change } },
  account_signers: { key: { account: "bytes" }, state: { signer: "bytes", ...change } },
  certifications: {
    key: { account: "bytes", certifier: "bytes" },
    state: {
      level: "integer",
      status: "integer",
      responsible: "boolean",
      issued_at: "integer",
      expires_at: "integer",
      digest: "bytes",
      ground: "bytes?",
      ...change,
    },
  },
  levels: { key: { level: "integer" }, state: { rank: "integer", permissions: "integer", ...change } },
  partners: {
    key: { partner: "bytes" },
    state: {
      status: "integer",
      permissions: "integer",
      admission_party: "bytes",
      document: "text",
      name: "text",
      admitted_block: "integer",
      ground: "bytes?",
      ...change,
    },
  },
  recognitions: { key: { partner: "bytes", recognised: "bytes" }, state: { from_level: "integer", ...change } },
  record_statuses: {
    key: { record: "bytes" },
    state: { status: "integer", superseded_by: "bytes?", reason: "bytes", ...change },
  },
  object_writers: { key: { object: "bytes", writer: "bytes" }, state: { admitted: "boolean", ...change } },
  voucher_applications: {
    key: { id: "integer" },
    state: {
      issuer: "bytes",
      status: "integer",
      voucher_type: "integer",
      decimals: "integer",
      holder_level: "integer",
      cap: "numeric",
      terms_digest: "bytes",
      declaration_digest: "bytes",
      legal_category: "text",
      name: "text",
      symbol: "text",
      product: "text",
      uri: "text",
      ground: "bytes?",
      voucher: "bytes?",
      ...change,
    },
  },
  voucher_supplies: {
    key: { voucher: "bytes", lot: "numeric" },
    state: { circulating: "numeric" },
    onePerBlock: true,
  },
  voucher_balances: {
    key: { voucher: "bytes", lot: "numeric", holder: "bytes" },
    state: { amount: "numeric" },
    onePerBlock: true,
  },
  quota_prices: { key: { price_group: "bytes", selector: "bytes" }, state: { points: "integer", ...change } },
  quota_classes: {
    key: { class: "integer" },
    state: { ceiling: "integer", grant_points: "integer", initial: "integer", period_blocks: "integer", ...change },
  },
  account_classes: { key: { account: "bytes" }, state: { class: "integer", ...change } },
  account_sponsors: { key: { account: "bytes" }, state: { sponsor: "bytes?", ...change } },
  ...VERSIONED_IDENTITY,
  ...VERSIONED_EVIDENCE,
  ...VERSIONED_GOVERNANCE,
  ...VERSIONED_VOUCHERS,
} as const satisfies Record<string, VersionedTable>;

export type AppendedName = keyof typeof APPENDED;
export type AppendedRow<Name extends AppendedName> = RowOf<(typeof APPENDED)[Name]["columns"]>;
export type VersionedName = keyof typeof VERSIONED;
export type KeyOf<Name extends VersionedName> = RowOf<(typeof VERSIONED)[Name]["key"]>;
export type StateOf<Name extends VersionedName> = RowOf<(typeof VERSIONED)[Name]["state"]>;

/** All tables that the indexer fills, apart from its cursor in `chain`. */
export const INDEX_TABLES: readonly string[] = ["blocks", ...Object.keys(APPENDED), ...Object.keys(VERSIONED)];

/** Rises when tables or columns are added that have to be filled from the chain's beginning. */
export const INDEX_SHAPE = 2;

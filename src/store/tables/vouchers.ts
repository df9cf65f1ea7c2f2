import { type AppendedTable, change, event, type VersionedTable } from "./columns.ts";

/** Appended tables of migration 0013: vouchers. */
export const APPENDED_VOUCHERS = {
  voucher_measures: {
    columns: {
      voucher: "bytes",
      order_id: "integer",
      measure: "integer",
      account: "bytes?",
      token: "numeric",
      ...event,
    },
  },
  forced_transfers: {
    columns: { voucher: "bytes", sender: "bytes", recipient: "bytes", lot: "numeric", amount: "numeric", ...event },
  },
  voucher_lots: { columns: { voucher: "bytes", lot: "numeric", face: "numeric", metadata_digest: "bytes", ...event } },
  voucher_burns: { columns: { voucher: "bytes", lot: "numeric", amount: "numeric", circulating: "numeric", ...event } },
  custodians: { columns: { voucher: "bytes", custodian: "bytes", balance: "numeric", ...event } },
} as const satisfies Record<string, AppendedTable>;

/** Versioned tables of migration 0013: vouchers. */
export const VERSIONED_VOUCHERS = {
  voucher_rules: {
    key: { voucher: "bytes" },
    state: {
      cap: "numeric?",
      capacity: "numeric?",
      frozen: "boolean",
      holder_level: "integer?",
      secondary: "boolean?",
      issue_mode: "integer?",
      hands: "integer?",
      holding_blocks: "integer?",
      period_blocks: "integer?",
      period_amount: "numeric?",
      ...change,
    },
  },
  voucher_freezes: {
    key: { voucher: "bytes", account: "bytes", lot: "numeric" },
    state: { amount: "numeric", ...change },
  },
  voucher_uris: { key: { voucher: "bytes", lot: "numeric" }, state: { uri: "text", ...change } },
  voucher_agents: { key: { voucher: "bytes", agent: "bytes" }, state: { cap: "numeric", ...change } },
  voucher_allowances: {
    key: { voucher: "bytes", owner: "bytes", spender: "bytes", lot: "numeric" },
    state: { amount: "numeric", last_block: "integer", ...change },
  },
  voucher_operators: {
    key: { voucher: "bytes", owner: "bytes", spender: "bytes" },
    state: { approved: "boolean", ...change },
  },
  redemptions: {
    key: { id: "integer" },
    state: {
      voucher: "bytes",
      holder: "bytes",
      lot: "numeric",
      amount: "numeric",
      last_block: "integer",
      statement: "bytes?",
      status: "integer",
      answer: "bytes?",
      presented_block: "integer",
      closed_block: "integer?",
      ...change,
    },
  },
  offers: {
    key: { id: "integer" },
    state: {
      maker: "bytes",
      counterparty: "bytes?",
      give_voucher: "bytes",
      give_lot: "numeric",
      give_amount: "numeric",
      want_voucher: "bytes",
      want_lot: "numeric",
      want_amount: "numeric",
      last_block: "integer",
      status: "integer",
      taker: "bytes?",
      ...change,
    },
  },
  custody_proofs: {
    key: { id: "bytes" },
    state: {
      publisher: "bytes",
      voucher: "bytes?",
      record: "bytes?",
      state_block: "integer",
      root: "bytes",
      total: "numeric",
      leaf_count: "integer",
      disputed: "boolean",
      published_block: "integer",
      ...change,
    },
  },
  custody_challenges: {
    key: { proof: "bytes", statement: "bytes" },
    state: { leaf_key: "bytes?", amount: "numeric?", last_block: "integer?", status: "integer", ...change },
  },
} as const satisfies Record<string, VersionedTable>;

import { index, onchainTable, primaryKey } from "ponder";

// The tables and indexes that BROP fills from the same events.

export const records = onchainTable(
  "records",
  (t) => ({
    id: t.hex().primaryKey(),
    owner: t.hex().notNull(),
    digest: t.hex().notNull(),
    subject: t.hex(),
    algorithm: t.integer().notNull(),
    kind: t.integer().notNull(),
    responsible: t.hex(),
    businessKey: t.hex(),
    refersTo: t.hex(),
    recordedAt: t.bigint().notNull(),
    transactionHash: t.hex().notNull(),
    blockNumber: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
  }),
  (table) => ({
    byPosition: index().on(table.blockNumber, table.logIndex),
    byDigest: index().on(table.digest, table.blockNumber, table.logIndex),
    byOwner: index().on(table.owner, table.blockNumber, table.logIndex),
    byBusinessKey: index().on(table.businessKey, table.blockNumber, table.logIndex),
    byKind: index().on(table.kind, table.blockNumber, table.logIndex),
  }),
);

export const operations = onchainTable(
  "operations",
  (t) => ({
    hash: t.hex().primaryKey(),
    sender: t.hex().notNull(),
    nonce: t.bigint().notNull(),
    success: t.boolean().notNull(),
    gasUsed: t.bigint().notNull(),
    transactionHash: t.hex().notNull(),
    blockNumber: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
  }),
  (table) => ({ bySender: index().on(table.sender, table.blockNumber, table.logIndex) }),
);

export const charges = onchainTable(
  "charges",
  (t) => ({
    account: t.hex().notNull(),
    payer: t.hex().notNull(),
    blockNumber: t.bigint().notNull(),
    points: t.bigint().notNull(),
    operations: t.integer().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.account, table.payer, table.blockNumber] }) }),
);

export const transfers = onchainTable(
  "transfers",
  (t) => ({
    id: t.text().primaryKey(),
    voucher: t.hex().notNull(),
    lot: t.bigint().notNull(),
    sender: t.hex().notNull(),
    recipient: t.hex().notNull(),
    executor: t.hex().notNull(),
    amount: t.bigint().notNull(),
    transactionHash: t.hex().notNull(),
    blockNumber: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
  }),
  (table) => ({
    byPosition: index().on(table.blockNumber, table.logIndex),
    byVoucher: index().on(table.voucher, table.blockNumber, table.logIndex),
    bySender: index().on(table.sender, table.blockNumber, table.logIndex),
    byRecipient: index().on(table.recipient, table.blockNumber, table.logIndex),
  }),
);

export const balances = onchainTable(
  "balances",
  (t) => ({
    voucher: t.hex().notNull(),
    lot: t.bigint().notNull(),
    holder: t.hex().notNull(),
    amount: t.bigint().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.voucher, table.lot, table.holder] }) }),
);

export const events = onchainTable(
  "events",
  (t) => ({
    id: t.text().primaryKey(),
    blockNumber: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    type: t.text().notNull(),
    contract: t.hex().notNull(),
    transactionHash: t.hex().notNull(),
    data: t.json().notNull(),
  }),
  (table) => ({ byType: index().on(table.type, table.blockNumber, table.logIndex) }),
);

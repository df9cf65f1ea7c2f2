-- Everything that happened, in one order: each event of each contract of the platform, each block after its events, each
-- operation that expired in it. What subscribers are told is read from here (MW-2); the same transaction writes an
-- event, the rows that it changes, and the cursor.

create table events (
  block_number bigint not null,
  -- The log's index in its block; the block itself and expired operations follow behind.
  log_index bigint not null,
  -- For example 'records.recorded', 'block.added', 'operation.expired'.
  type text not null,
  -- Who said it. Null: the chain itself.
  contract bytea,
  transaction_hash bytea,
  -- The event's arguments by name. Bytes are 0x and digits, addresses lower case, numbers above 48 bits decimal digits.
  data jsonb not null,
  primary key (block_number, log_index)
);
create index events_by_type on events (type, block_number, log_index);

create index operation_pool_by_deadline on operation_pool (deadline);

-- What was indexed before has no events: the chain is read again from its beginning.
delete from chain;
truncate blocks, transactions, operations, operation_reverts, votes, accounts, legal_documents, signatures, records,
  objects, object_links, vouchers, voucher_transfers, allocations, quota_charges, contracts, senders, parameters,
  proposals, seats, account_signers, certifications, levels, partners, recognitions, record_statuses, object_writers,
  voucher_applications, voucher_supplies, voucher_balances, quota_prices, quota_classes, account_classes,
  account_sponsors;

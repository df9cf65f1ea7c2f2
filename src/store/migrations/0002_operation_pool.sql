-- The access node's pool: every operation that it accepted, kept beyond its definite end (CH-5). Other than the
-- indexer's tables these are no copy of the chain.

create table operation_pool (
  hash bytea not null,
  -- Address of the relay that holds it: several access nodes may share a database and the same operation.
  relay bytea not null,
  sender bytea not null,
  nonce numeric(78, 0) not null,
  -- Last block in which a tagged serial can be included. Null: an ordinary nonce, which has no end of its own.
  deadline bigint,
  -- As JSON-RPC carries it (ERC-7769).
  operation json not null,
  -- received -> included | expired | displaced. That a bundle carries it says relay_bundles.
  state text not null check (state in ('received', 'included', 'expired', 'displaced')),
  -- Milliseconds since 1970 (UTC).
  received_at bigint not null,
  received_block bigint not null,
  -- Once included: the transaction that did it, whichever relay's.
  transaction_hash bytea,
  -- Block of its inclusion, or in which its other end was certain.
  block_number bigint,
  -- Once included: whether the execution succeeded.
  success boolean,
  -- Why it was left out last, or why its execution failed: code, message and details of the error table.
  reason jsonb,
  primary key (hash, relay)
-- No index on what changes, and room on each page: an end is then written beside its row and touches no index.
) with (fillfactor = 70);
create index operation_pool_by_time on operation_pool (received_at);

-- Bundles that were sent and are in no followed block yet.
create table relay_bundles (
  transaction_hash bytea primary key,
  relay bytea not null,
  nonce bigint not null,
  -- Hashes of its operations, one behind the other.
  operations bytea not null
);

-- How far a relay has followed the chain.
create table relay_positions (
  relay bytea primary key,
  -- Latest followed blocks, newest first: [[number, "0x hash"], ...]. They show a development chain that rewound.
  blocks jsonb not null,
  -- No operation without a definite end was received before; milliseconds.
  open_since bigint not null
) with (fillfactor = 50);

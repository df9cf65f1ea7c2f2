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
  -- received -> submitted (back, when its bundle failed) -> included | expired | displaced
  state text not null check (state in ('received', 'submitted', 'included', 'expired', 'displaced')),
  -- Milliseconds since 1970 (UTC).
  received_at bigint not null,
  received_block bigint not null,
  -- Bundle that carries or carried it; once included, the one that did, whichever relay's.
  transaction_hash bytea,
  -- Once included: block, and whether the execution succeeded.
  block_number bigint,
  success boolean,
  -- Why it was left out last, or why its execution failed: code, message and details of the error table.
  reason jsonb,
  primary key (hash, relay)
);
create index operation_pool_open on operation_pool (relay) where state in ('received', 'submitted');
create index operation_pool_open_by_sender on operation_pool (sender) where state in ('received', 'submitted');

-- How far a relay has followed the chain.
create table relay_positions (
  relay bytea primary key,
  -- Latest followed blocks, newest first: [[number, "0x hash"], ...]. They show a development chain that rewound.
  blocks jsonb not null
);

-- What the indexer reads from the chain. Two kinds of table:
--
-- appended:  a row stands for one event and never changes; block_number, log_index say where it happened.
-- versioned: a row is the state of something from from_block until before to_block (null: it still holds). A second
--            change in the same block closes the first at once (from_block = to_block). So every question can be asked
--            as of a block: from_block <= B and (to_block is null or to_block > B).
--
-- Both are taken back to block N in the same way: delete what began above N, open again what ended above N.
-- Hashes, addresses and digests are bytea of 32 or 20 bytes; times are seconds since 1970 (UTC).

-- One row: which chain this is and how far it is indexed.
create table chain (
  singleton boolean primary key default true check (singleton),
  chain_id bigint not null,
  genesis_hash bytea not null,
  -- The last block whose rows are all here.
  block_number bigint not null,
  block_hash bytea not null
);

create table blocks (
  number bigint primary key,
  hash bytea not null,
  parent_hash bytea not null,
  timestamp bigint not null,
  proposer bytea not null,
  transaction_count bigint not null,
  gas_used bigint not null
);
create unique index blocks_by_hash on blocks (hash);
create index blocks_by_timestamp on blocks (timestamp);

create table transactions (
  hash bytea primary key,
  block_number bigint not null,
  transaction_index bigint not null,
  sender bytea not null,
  -- Null: it created a contract.
  recipient bytea,
  success boolean not null,
  gas_used bigint not null
);
create unique index transactions_by_block on transactions (block_number, transaction_index);

-- User operations that were included (EntryPoint.UserOperationEvent).
create table operations (
  hash bytea primary key,
  sender bytea not null,
  nonce numeric(78, 0) not null,
  success boolean not null,
  gas_used bigint not null,
  transaction_hash bytea not null,
  block_number bigint not null,
  log_index bigint not null
);
create unique index operations_by_position on operations (block_number, log_index);
create index operations_by_sender on operations (sender, block_number, log_index);

-- Why an operation's execution failed (EntryPoint.UserOperationRevertReason).
create table operation_reverts (
  operation bytea primary key,
  reason bytea not null,
  block_number bigint not null,
  log_index bigint not null
);

-- Directory.
create table contracts (
  name text not null,
  address bytea not null,
  version bigint not null,
  abi_digest bytea not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (name, from_block, from_log)
);
create unique index contracts_current on contracts (name) where to_block is null;

-- Admission. kind: 0 none any more, 1 operator, 2 seat, 3 relay.
create table senders (
  sender bytea not null,
  kind bigint not null,
  target bytea,
  valid_from bigint,
  allowance bigint,
  partner bytea,
  ground bytea,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (sender, from_block, from_log)
);
create unique index senders_current on senders (sender) where to_block is null;

-- Single numbers that Council sets, by name, for example 'quota.bytePrice'.
create table parameters (
  name text not null,
  value numeric(78, 0) not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (name, from_block, from_log)
);
create unique index parameters_current on parameters (name) where to_block is null;

-- Council. status: 1 open, 2 agreed, 3 executed, 4 cancelled; that time ran out shows by comparing blocks.
create table proposals (
  id bigint not null,
  proposer bytea not null,
  calls jsonb not null,
  reason bytea not null,
  status bigint not null,
  votes bigint not null,
  seats bigint not null,
  executable_from bigint,
  executable_until bigint,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (id, from_block, from_log)
);
create unique index proposals_current on proposals (id) where to_block is null;

create table votes (
  proposal bigint not null,
  seat bytea not null,
  votes bigint not null,
  seats bigint not null,
  transaction_hash bytea not null,
  block_number bigint not null,
  log_index bigint not null,
  primary key (block_number, log_index)
);
create index votes_by_proposal on votes (proposal, block_number, log_index);

create table seats (
  seat bytea not null,
  seated boolean not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (seat, from_block, from_log)
);
create unique index seats_current on seats (seat) where to_block is null;

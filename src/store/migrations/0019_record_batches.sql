-- Records that are anchored many at a time (EV-6). Times are milliseconds since 1970 (UTC). Other than the indexer's tables
-- these are no copy of the chain; whether a batch is anchored stands in `batches`, which is one.

-- What one request handed over, in the order of its records.
create table batch_portions (
  number bigint generated always as identity primary key,
  id text not null unique,
  -- Whose it is.
  tenant text not null,
  -- Account that anchors it, and owns its records.
  account bytea not null,
  created_at bigint not null,
  -- Newest indexed block when it came.
  created_block bigint not null,
  record_count bigint not null,
  -- SSZ's serialisation of the records, 134 bytes each.
  records bytea not null,
  -- The batch that holds it, and the place of its first record there; null until it is sealed.
  batch text,
  first_leaf bigint
);
-- Parts of it are read by themselves; digests can not be compressed.
alter table batch_portions alter column records set storage external;
create index batch_portions_open on batch_portions (number) where batch is null;
create index batch_portions_by_batch on batch_portions (batch, first_leaf) where batch is not null;

-- Where a digest stands. One row a record, so it is lean: the first seven bytes of the digest, and the number of the
-- portion times 2^20 plus the place in it. What has the same seven bytes is told apart by the record itself.
create table batch_places (
  prefix bytea not null,
  place bigint not null
);
create index batch_places_by_prefix on batch_places (prefix);

-- A list of records whose root is settled.
create table sealed_batches (
  id text primary key,
  tenant text not null,
  account bytea not null,
  root bytea not null,
  -- keccak256(account, root): its identifier on the chain.
  anchor bytea not null,
  record_count bigint not null,
  sealed_at bigint not null,
  sealed_block bigint not null,
  -- The operation that anchors it; null: there is none under way.
  submission text,
  attempts bigint not null default 0,
  -- False: it was found on the chain, or given up.
  open boolean not null default true,
  -- When it is given an operation, while there is none.
  due_at bigint not null,
  -- Why the last attempt failed: code, message and details of the error table.
  reason jsonb,
  -- When it was given up.
  refused_at bigint
);
-- A root is anchored once: the same records again, in the same order, are in the same batch.
create unique index sealed_batches_by_root on sealed_batches (account, root);
create index sealed_batches_by_tenant on sealed_batches (tenant, sealed_at, id);
create index sealed_batches_open on sealed_batches (due_at) where open;
create index sealed_batches_by_submission on sealed_batches (submission) where submission is not null;
create index sealed_batches_by_anchor on sealed_batches (anchor);

-- Nodes of a batch's tree, 256 at a time: those above 16 records each (height 4), and those above them (height 12). What is
-- between is computed when it is asked for.
create table batch_tiles (
  batch text not null references sealed_batches on delete cascade,
  height bigint not null check (height in (4, 12)),
  position bigint not null,
  nodes bytea not null,
  primary key (batch, height, position)
);
alter table batch_tiles alter column nodes set storage external;

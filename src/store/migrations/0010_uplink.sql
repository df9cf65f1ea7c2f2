-- What business systems handed over to be brought onto the chain (MW-3). Times are milliseconds since 1970 (UTC). Other
-- than the indexer's tables these are no copy of the chain.

-- One operation on its way: received -> signed -> submitted -> included | expired | rejected.
create table submissions (
  id text primary key,
  -- Whose it is; nobody else sees it.
  tenant text not null,
  -- The key that handed it over.
  created_by text not null,
  -- The form that it was given in: 'operation', 'record', 'voucher-transfer', ...
  kind text not null,
  -- received: waits for its signature. signed: no relay has taken it yet. submitted: a relay has. The others are ends.
  state text not null check (state in ('received', 'signed', 'submitted', 'included', 'expired', 'rejected')),
  hash bytea not null,
  sender bytea not null,
  nonce numeric(78, 0) not null,
  -- Last block in which it can be included.
  deadline bigint not null,
  -- As JSON-RPC carries it (ERC-7769). Its signature is 0x until there is one.
  operation json not null,
  -- What follows from it in the words of its form, for example the record's identifier.
  content jsonb not null,
  -- The batch that it is part of.
  batch text,
  created_at bigint not null,
  -- Height of the chain when it came: it is in no block up to this one, unless it had been sent elsewhere.
  created_block bigint not null,
  -- When it is sent to a relay next. Null: not, since it waits for its signature or has ended.
  due_at bigint,
  attempts bigint not null default 0,
  -- The relay that took it last.
  relay text,
  -- Why a relay refused it last, or why it ended without effect: code, message and details of the error table.
  reason jsonb,
  -- Its end.
  ended_at bigint,
  transaction_hash bytea,
  block_number bigint,
  success boolean,
  gas_used bigint
) with (fillfactor = 70);
-- The same operation given twice is one submission.
create unique index submissions_by_hash on submissions (tenant, hash);
create index submissions_by_tenant on submissions (tenant, created_at, id);
create index submissions_by_place on submissions (tenant, sender, nonce);
create index submissions_due on submissions (due_at) where due_at is not null;
create index submissions_open on submissions (id) where ended_at is null;
create index submissions_by_batch on submissions (batch) where batch is not null;
create index submissions_by_block on submissions (block_number) where block_number is not null;
create index submissions_by_deadline on submissions (deadline);

-- Many things handed over at once.
create table submission_batches (
  id text primary key,
  tenant text not null,
  kind text not null,
  created_at bigint not null
);

-- What became of each of them.
create table submission_items (
  batch text not null references submission_batches on delete cascade,
  position bigint not null,
  -- The submission that carries it, which may carry others. Null: it was refused.
  submission text references submissions,
  content jsonb not null,
  -- Why it was refused, as problem details.
  problem jsonb,
  primary key (batch, position)
);
create index submission_items_by_submission on submission_items (submission) where submission is not null;

-- What was answered to requests that carried an Idempotency-Key, written with what they did.
create table idempotency_keys (
  tenant text not null,
  key text not null,
  -- SHA-256 of method, path and body.
  request bytea not null,
  created_at bigint not null,
  status bigint not null,
  -- The answer as it was sent.
  answer text not null,
  -- The submission or batch that it is about.
  subject text not null,
  primary key (tenant, key)
);
create index idempotency_keys_by_time on idempotency_keys (created_at);

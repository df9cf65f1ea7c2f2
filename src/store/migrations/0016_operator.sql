-- What was asked of the operator's keys, by whom, and what became of it. Rows stay for good. Times are milliseconds since
-- 1970 (UTC).
create table operator_acts (
  id bigint generated always as identity primary key,
  -- What is done, for example partner.suspend, and what it is done with.
  act text not null,
  input jsonb not null,
  -- received: nothing is signed. sent: a transaction of it may have reached a node. done, failed (a transaction was included
  -- and did not succeed) and refused (nothing of it was sent, or no more of it) are final.
  state text not null default 'received' check (state in ('received', 'sent', 'done', 'failed', 'refused')),
  -- Identifier of the API key, or account:0x…, its role, and the request in the audit log.
  requested_by text not null,
  role text not null,
  account bytea check (octet_length(account) = 20),
  request_id text not null,
  requested_at bigint not null,
  -- Whose keys of repetition these are; of one, each names one act.
  tenant text not null,
  idempotency_key text,
  -- SHA-256 of act and input.
  request_digest bytea not null,
  -- The two-person rule, as it was set when the act was asked for.
  needs_confirmation boolean not null,
  confirmed_by text,
  confirmed_at bigint,
  -- Transactions that it takes, as far as that is known.
  planned integer,
  result jsonb,
  -- Problem details of the end; and of what an act without one waits for.
  error jsonb,
  trouble jsonb,
  ended_at bigint,
  check ((state in ('done', 'failed', 'refused')) = (ended_at is not null)),
  check ((confirmed_by is null) = (confirmed_at is null))
);
create unique index operator_acts_by_key on operator_acts (tenant, idempotency_key);
create index operator_acts_by_state on operator_acts (state, id);
create index operator_acts_by_act on operator_acts (act, id);
create index operator_acts_by_requester on operator_acts (requested_by, id);

-- Transactions of acts, as they were signed: stored before they are sent, and sent again as the same bytes.
create table operator_transactions (
  act_id bigint not null references operator_acts,
  position integer not null,
  what text not null,
  sender bytea not null,
  nonce bigint not null,
  target bytea not null,
  raw bytea not null,
  hash bytea not null unique,
  signed_at bigint not null,
  -- signed: it may have reached a node. displaced: another transaction has its nonce, so it can never be included.
  state text not null default 'signed' check (state in ('signed', 'included', 'displaced')),
  success boolean,
  block_number bigint,
  primary key (act_id, position)
);
create unique index operator_transactions_by_nonce on operator_transactions (sender, nonce) where state = 'signed';
create index operator_transactions_open on operator_transactions (act_id) where state = 'signed';
create index operator_transactions_by_block on operator_transactions (block_number);

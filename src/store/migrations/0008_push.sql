-- Who wants to be told of which events by webhook, and what is still to be told (MW-2). Times are milliseconds since 1970
-- (UTC). Other than the indexer's tables these are no copy of the chain.

create table subscriptions (
  id text primary key,
  -- Whose it is: the principal that made it.
  owner text not null,
  url text not null,
  description text not null,
  filter jsonb not null,
  -- Keys of the signature (Standard Webhooks). Both sign until the time that the former one ends.
  secret bytea not null,
  former_secret bytea,
  former_secret_until bigint,
  -- active -> paused by its owner, disabled by the receiver's answer 410.
  status text not null check (status in ('active', 'paused', 'disabled')),
  created_at bigint not null,
  -- Rises with each change that is more than an attempt.
  revision bigint not null default 0,
  -- Events of earlier blocks that it asked for: the next block to look through, and the last one. Null: none left.
  catch_up_block bigint,
  catch_up_until bigint
);
create index subscriptions_by_owner on subscriptions (owner, created_at);

-- An event that a subscription wants, until some days after it was taken.
create table deliveries (
  subscription text not null references subscriptions on delete cascade,
  block_number bigint not null,
  log_index bigint not null,
  -- pending -> delivered | dead, and back to pending when it is asked for again.
  state text not null check (state in ('pending', 'delivered', 'dead')),
  attempts bigint not null,
  created_at bigint not null,
  due_at bigint not null,
  ended_at bigint,
  -- What the last attempt came to: HTTP status, or why there was none.
  response_status bigint,
  failure text,
  primary key (subscription, block_number, log_index)
);
create index deliveries_pending on deliveries (subscription, block_number, log_index) where state = 'pending';
create index deliveries_ended on deliveries (ended_at) where state <> 'pending';

-- One row: up to which block deliveries are written, and a number that rises with each change of a subscription. Both change
-- under this row's lock, so that every event is matched with the subscriptions of its moment.
create table push_position (
  singleton boolean primary key default true check (singleton),
  block_number bigint not null,
  revision bigint not null default 0
);
insert into push_position (block_number) values (-1);

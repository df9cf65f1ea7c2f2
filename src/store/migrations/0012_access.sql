-- Who asks, for whom, and what was changed by whom. Times are milliseconds since 1970 (UTC).

-- The partner, regulator or bookkeeper that a key speaks for.
alter table api_keys add column account bytea check (octet_length(account) = 20);

-- Makes the nonces of sign-in messages, the same in every process.
create table sign_in_secret (
  only_one boolean primary key default true check (only_one),
  secret bytea not null
);

-- Sign-ins by account signature (ERC-4361). A row stays until its token is over, so that no nonce is used twice.
create table sign_ins (
  -- SHA-256 of the token.
  token_digest bytea primary key,
  nonce text not null unique,
  account bytea not null check (octet_length(account) = 20),
  -- What was signed, and the signature: it is judged again while the token holds.
  message_hash bytea not null,
  signature bytea not null,
  created_at bigint not null,
  expires_at bigint not null,
  ended_at bigint
);
create index sign_ins_by_end on sign_ins (expires_at);

-- Every request that may change something, of everybody who is known by a key or a sign-in.
create table audit_log (
  id bigint generated always as identity primary key,
  at bigint not null,
  request_id text not null,
  -- Identifier of the key, or account:0x…
  principal text not null,
  role text not null,
  account bytea,
  method text not null,
  -- The route as declared, and the path that was asked for, without its query.
  route text not null,
  path text not null,
  -- SHA-256 of the body as it came.
  body_digest bytea,
  -- HTTP status of the answer; null while it is under way, and for ever where the process was killed before it.
  status integer,
  details jsonb
);
create index audit_log_by_principal on audit_log (principal, id);
create index audit_log_by_account on audit_log (account, id) where account is not null;
create index audit_log_by_route on audit_log (route, id);

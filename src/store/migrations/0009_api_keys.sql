-- Who may do what on the interface besides reading what is public. Times are milliseconds since 1970 (UTC).

create table api_keys (
  id text primary key,
  name text not null,
  role text not null check (role in ('partner', 'operator', 'regulator', 'bookkeeper')),
  -- What it may do; '*': everything that its role may.
  scopes text[] not null,
  -- SHA-256 of the secret part. The former one holds until its time after a change.
  secret_digest bytea not null,
  former_digest bytea,
  former_until bigint,
  created_at bigint not null,
  created_by text not null,
  expires_at bigint,
  revoked_at bigint
);
create index api_keys_by_time on api_keys (created_at, id);

-- Serial numbers of this platform's own time-stamping authority are handed out in blocks: what a process has not used of
-- its block when it ends is never used.
create table timestamp_serials (
  -- SHA-256 of the authority's certificate.
  authority bytea primary key,
  next_block bigint not null
);

-- Tokens of time-stamping authorities (RFC 3161), each verified before it is kept. kind: 1 record, 3 block, as in
-- TimestampAuthorities; object: the record's identifier, or the block's hash.
create table timestamps (
  token_digest bytea primary key,
  kind integer not null,
  object bytea not null,
  -- Of a block that was stamped.
  block_number bigint,
  -- What is stamped.
  digest bytea not null,
  token bytea not null,
  -- SHA-256 of the certificate that the token is signed under, and that certificate.
  certificate_digest bytea not null,
  certificate bytea not null,
  policy text not null,
  -- The authority's serial number, decimal digits.
  serial text not null,
  -- Milliseconds since 1970, and how far from it at most; null: the authority does not say.
  stated_at bigint not null,
  accuracy double precision,
  stored_at bigint not null,
  -- Act of the operator that puts the digest of a block's token on chain.
  act bigint
);
create index timestamps_by_object on timestamps (object, stated_at);
create index timestamps_by_time on timestamps (stored_at, token_digest);
create index timestamps_of_blocks on timestamps (block_number) where kind = 3;

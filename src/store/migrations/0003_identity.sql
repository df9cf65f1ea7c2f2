-- Accounts, partners, certifications, legal documents.

create table accounts (
  address bytea primary key,
  number bigint not null,
  creator bytea not null,
  transaction_hash bytea not null,
  block_number bigint not null,
  log_index bigint not null
);
create unique index accounts_by_number on accounts (number);
create index accounts_by_creator on accounts (creator, number);

-- ERC-7913 signers; an old signature is judged by the signer of its block.
create table account_signers (
  account bytea not null,
  signer bytea not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (account, from_block, from_log)
);
create unique index account_signers_current on account_signers (account) where to_block is null;

-- status: 1 active, 2 suspended, 3 revoked. A later certification by the same certifier supersedes: a new version.
create table certifications (
  account bytea not null,
  certifier bytea not null,
  level bigint not null,
  status bigint not null,
  responsible boolean not null,
  issued_at bigint not null,
  expires_at bigint not null,
  digest bytea not null,
  -- Of the suspension, resumption or revocation.
  ground bytea,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (account, certifier, from_block, from_log)
);
create unique index certifications_current on certifications (account, certifier) where to_block is null;
create index certifications_by_position on certifications (from_block, from_log);
create index certifications_by_certifier on certifications (certifier, from_block, from_log);

create table levels (
  level bigint not null,
  rank bigint not null,
  permissions bigint not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (level, from_block, from_log)
);
create unique index levels_current on levels (level) where to_block is null;

-- status: 1 admitted, 2 suspended, 3 terminated.
create table partners (
  partner bytea not null,
  status bigint not null,
  permissions bigint not null,
  admission_party bytea not null,
  document text not null,
  name text not null,
  admitted_block bigint not null,
  ground bytea,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (partner, from_block, from_log)
);
create unique index partners_current on partners (partner) where to_block is null;
create index partners_by_name on partners (lower(name)) where to_block is null;

-- from_level 0: the recognition has ended.
create table recognitions (
  partner bytea not null,
  recognised bytea not null,
  from_level bigint not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (partner, recognised, from_block, from_log)
);
create unique index recognitions_current on recognitions (partner, recognised) where to_block is null;
create index recognitions_by_recognised on recognitions (recognised) where to_block is null;

create table legal_documents (
  document text not null,
  version bigint not null,
  publisher bytea not null,
  digest bytea not null,
  location text not null,
  transaction_hash bytea not null,
  block_number bigint not null,
  log_index bigint not null,
  primary key (document, version)
);
create index legal_documents_by_digest on legal_documents (digest);

create table signatures (
  document text not null,
  version bigint not null,
  account bytea not null,
  digest bytea not null,
  signed_digest bytea not null,
  location text not null,
  signature bytea not null,
  transaction_hash bytea not null,
  block_number bigint not null,
  log_index bigint not null,
  primary key (block_number, log_index)
);
create index signatures_by_account on signatures (account, document, version);
create index signatures_by_document on signatures (document, version);
create index signatures_by_signed_digest on signatures (signed_digest);

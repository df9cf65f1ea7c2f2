-- Quota: prices, classes and what was used.

-- What an account's operations of one block were charged, and to whom. Summed up over any period by query.
create table quota_charges (
  account bytea not null,
  payer bytea not null,
  points numeric(78, 0) not null,
  operations bigint not null,
  block_number bigint not null,
  primary key (account, block_number, payer)
);
create index quota_charges_by_payer on quota_charges (payer, block_number);
create index quota_charges_by_block on quota_charges (block_number);

-- price_group: a contract, a factory for its instances, or the zero address for an account's calls to itself.
create table quota_prices (
  price_group bytea not null,
  selector bytea not null,
  points bigint not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (price_group, selector, from_block, from_log)
);
create unique index quota_prices_current on quota_prices (price_group, selector) where to_block is null;

create table quota_classes (
  class bigint not null,
  ceiling bigint not null,
  grant_points bigint not null,
  initial bigint not null,
  period_blocks bigint not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (class, from_block, from_log)
);
create unique index quota_classes_current on quota_classes (class) where to_block is null;

-- class 0: the class of the account's certification level.
create table account_classes (
  account bytea not null,
  class bigint not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (account, from_block, from_log)
);
create unique index account_classes_current on account_classes (account) where to_block is null;

-- sponsor null: the sponsorship has ended.
create table account_sponsors (
  account bytea not null,
  sponsor bytea,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (account, from_block, from_log)
);
create unique index account_sponsors_current on account_sponsors (account) where to_block is null;
create index account_sponsors_by_sponsor on account_sponsors (sponsor) where to_block is null;

-- Vouchers (ERC-1155): applications, contracts, balances and movements.

-- status: 1 applied, 2 withdrawn, 3 refused, 4 created.
create table voucher_applications (
  id bigint not null,
  issuer bytea not null,
  status bigint not null,
  voucher_type bigint not null,
  decimals bigint not null,
  holder_level bigint not null,
  cap numeric(78, 0) not null,
  terms_digest bytea not null,
  declaration_digest bytea not null,
  legal_category text not null,
  name text not null,
  symbol text not null,
  product text not null,
  uri text not null,
  -- Of the refusal.
  ground bytea,
  voucher bytea,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (id, from_block, from_log)
);
create unique index voucher_applications_current on voucher_applications (id) where to_block is null;
create index voucher_applications_by_issuer on voucher_applications (issuer) where to_block is null;
create index voucher_applications_by_name on voucher_applications (lower(name)) where to_block is null;

create table vouchers (
  address bytea primary key,
  application bigint not null,
  issuer bytea not null,
  transaction_hash bytea not null,
  block_number bigint not null,
  log_index bigint not null
);
create unique index vouchers_by_position on vouchers (block_number, log_index);
create index vouchers_by_application on vouchers (application);
create index vouchers_by_issuer on vouchers (issuer);

-- Base units allocated and not redeemed; one version a block.
create table voucher_supplies (
  voucher bytea not null,
  lot numeric(78, 0) not null,
  circulating numeric(78, 0) not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (voucher, lot, from_block, from_log)
);
create unique index voucher_supplies_current on voucher_supplies (voucher, lot) where to_block is null;

-- One version a block; a holder who gave all away keeps a row of 0.
create table voucher_balances (
  voucher bytea not null,
  lot numeric(78, 0) not null,
  holder bytea not null,
  amount numeric(78, 0) not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (voucher, lot, holder, from_block, from_log)
);
create unique index voucher_balances_current on voucher_balances (voucher, lot, holder) where to_block is null;
create index voucher_balances_by_holder on voucher_balances (holder, voucher, lot) where to_block is null;
create index voucher_balances_by_amount on voucher_balances (voucher, amount, holder) where to_block is null and amount > 0;

-- sender null: allocated; recipient null: redeemed or destroyed. item counts within one event.
create table voucher_transfers (
  voucher bytea not null,
  lot numeric(78, 0) not null,
  sender bytea,
  recipient bytea,
  executor bytea not null,
  amount numeric(78, 0) not null,
  transaction_hash bytea not null,
  block_number bigint not null,
  log_index bigint not null,
  item bigint not null,
  primary key (block_number, log_index, item)
);
create index voucher_transfers_by_voucher on voucher_transfers (voucher, block_number, log_index, item);
create index voucher_transfers_by_sender on voucher_transfers (sender, block_number, log_index, item) where sender is not null;
create index voucher_transfers_by_recipient on voucher_transfers (recipient, block_number, log_index, item) where recipient is not null;

create table allocations (
  voucher bytea not null,
  lot numeric(78, 0) not null,
  recipient bytea not null,
  amount numeric(78, 0) not null,
  circulating numeric(78, 0) not null,
  transaction_hash bytea not null,
  block_number bigint not null,
  log_index bigint not null,
  primary key (block_number, log_index)
);
create index allocations_by_voucher on allocations (voucher, block_number, log_index);

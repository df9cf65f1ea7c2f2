-- The rest of what contracts say: names, key resets, agreements, batches, time stamps, hosted files, orders, roles,
-- validators, and what happens to vouchers beyond transfers. The two kinds of table are described in 0001.

-- kind: 1 certified, 2 custom. name null: released, until reserved_until for nobody else (0 blocks: at once).
create table account_names (
  account bytea not null, name text, kind bigint not null, certifier bytea, look_skeleton bytea not null,
  letter_skeleton bytea not null, ground bytea, reserved_until bigint, consent bytea,
  transaction_hash bytea not null, from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (account, from_block, from_log)
);
create unique index account_names_current on account_names (account) where to_block is null;
create index account_names_by_name on account_names (name) where to_block is null and name is not null;
create index account_names_by_prefix on account_names (lower(name) text_pattern_ops) where to_block is null and name is not null;
create index account_names_by_look_skeleton on account_names (look_skeleton) where to_block is null;
create index account_names_by_letter_skeleton on account_names (letter_skeleton) where to_block is null;

-- status: 1 proposed, 2 waiting, 3 completed, 4 objected, 5 cancelled. That it is ready or lapsed follows from the
-- block.
create table key_resets (
  id bigint not null, account bytea not null, opener bytea not null, new_signer bytea not null,
  application bytea not null, identity_check bytea not null, status bigint not null, endorser bytea,
  closed_by bytea, ground bytea, waiting_until bigint, last_block bigint, opened_block bigint not null,
  transaction_hash bytea not null, from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (id, from_block, from_log)
);
create unique index key_resets_current on key_resets (id) where to_block is null;
create index key_resets_by_account on key_resets (account) where to_block is null;
create index key_resets_by_opener on key_resets (opener) where to_block is null;

-- Last block in which outgoing transfers of the account wait for a key reset; null: none waits.
create table account_holds (
  account bytea not null, held_until bigint, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (account, from_block, from_log)
);
create unique index account_holds_current on account_holds (account) where to_block is null;

-- status: 1 proposed, 2 effective, 3 cancelled. That it lapsed follows from the block. confirmations: bit i stands
-- for party i.
create table agreements (
  id bytea not null, proposer bytea not null, digest bytea not null, algorithm bigint not null,
  last_block bigint not null, salt bytea not null, party_count bigint not null,
  confirmations numeric(78, 0) not null, status bigint not null, proposed_block bigint not null,
  closed_block bigint, closed_at bigint, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint, primary key (id, from_block, from_log)
);
create unique index agreements_current on agreements (id) where to_block is null;
create index agreements_by_proposed_block on agreements (proposed_block, id) where to_block is null;
create index agreements_by_digest on agreements (digest) where to_block is null;
create index agreements_by_proposer on agreements (proposer) where to_block is null;

create table agreement_parties (
  agreement bytea not null, party bytea not null, position bigint not null, confirmed boolean not null,
  transaction_hash bytea not null, from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (agreement, party, from_block, from_log)
);
create unique index agreement_parties_current on agreement_parties (agreement, party) where to_block is null;
create index agreement_parties_by_party on agreement_parties (party, agreement) where to_block is null;

-- An anchored SSZ list of records; its identifier is keccak256(owner, root).
create table batches (
  id bytea not null, owner bytea not null, root bytea not null, record_count bigint not null, responsible bytea,
  anchored_at bigint not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null, primary key (id)
);
create unique index batches_by_position on batches (block_number, log_index);
create index batches_by_owner on batches (owner, block_number, log_index);
create index batches_by_root on batches (root);

create table leaf_revocations (
  batch bytea not null, leaf numeric(78, 0) not null, owner bytea not null, reason bytea not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);
create index leaf_revocations_by_batch on leaf_revocations (batch, leaf);

-- retired_block null: its tokens are taken.
create table timestamp_authorities (
  id bigint not null, certificate_digest bytea not null, not_before bigint not null, not_after bigint not null,
  policy text not null, location text not null, registered_block bigint not null, retired_block bigint,
  ground bytea, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint, primary key (id, from_block, from_log)
);
create unique index timestamp_authorities_current on timestamp_authorities (id) where to_block is null;

-- kind: 1 record, 2 batch, 3 block.
create table timestamp_tokens (
  object bytea not null, authority bigint not null, owner bytea not null, kind bigint not null,
  token_digest bytea not null, stated_at bigint not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);
create index timestamp_tokens_by_object on timestamp_tokens (object);
create index timestamp_tokens_by_authority on timestamp_tokens (authority, block_number, log_index);

-- Hashes that TimestampAuthorities keeps of blocks that have a token.
create table kept_block_hashes (
  kept_block bigint not null, hash bytea not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);
create index kept_block_hashes_by_kept_block on kept_block_hashes (kept_block);

-- ended_at null: its term runs, until valid_until (seconds).
create table hosted_files (
  owner bytea not null, content_digest bytea not null, location_digest bytea not null, size bigint not null,
  registered_at bigint not null, valid_until bigint not null, responsible bytea, registered_block bigint not null,
  ended_at bigint, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (owner, content_digest, from_block, from_log)
);
create unique index hosted_files_current on hosted_files (owner, content_digest) where to_block is null;
create index hosted_files_by_content_digest on hosted_files (content_digest) where to_block is null;
create index hosted_files_by_registered_block on hosted_files (registered_block, owner, content_digest) where to_block is null;

-- status: 1 filed, 2 executed, 3 reported, 4 withdrawn. That it expired follows from the block.
create table orders (
  id bigint not null, authority bytea not null, subject bytea, executor bytea not null, target bytea,
  call_digest bytea, document bytea not null, last_block bigint not null, location text not null,
  status bigint not null, filed_block bigint not null, closed_block bigint, result bytea,
  transaction_hash bytea not null, from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (id, from_block, from_log)
);
create unique index orders_current on orders (id) where to_block is null;
create index orders_by_subject on orders (subject) where to_block is null;
create index orders_by_executor on orders (executor) where to_block is null;
create index orders_by_authority on orders (authority) where to_block is null;

-- Members of the validator set; a change of a block counts from the next one on.
create table validators (
  validator bytea not null, member boolean not null, seat bytea, epoch bigint not null,
  transaction_hash bytea not null, from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (validator, from_block, from_log)
);
create unique index validators_current on validators (validator) where to_block is null;

create table validator_changes (
  epoch bigint not null, added bytea, removed bytea, seat bytea not null, set_hash bytea not null,
  validators jsonb not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);

-- Of the AccessManager. label: as it was given, for people.
create table roles (
  role numeric(78, 0) not null, label text, admin numeric(78, 0), guardian numeric(78, 0), grant_delay bigint,
  transaction_hash bytea not null, from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (role, from_block, from_log)
);
create unique index roles_current on roles (role) where to_block is null;

-- since: seconds. Roles of block 0 have no event: those of contracts and seats are read from block 0.
create table role_members (
  role numeric(78, 0) not null, account bytea not null, member boolean not null, delay bigint, since bigint,
  transaction_hash bytea not null, from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (role, account, from_block, from_log)
);
create unique index role_members_current on role_members (role, account) where to_block is null;
create index role_members_by_account on role_members (account) where to_block is null;

-- Which role may call a function.
create table role_functions (
  target bytea not null, selector bytea not null, role numeric(78, 0) not null, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (target, selector, from_block, from_log)
);
create unique index role_functions_current on role_functions (target, selector) where to_block is null;

create table role_targets (
  target bytea not null, closed boolean, admin_delay bigint, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (target, from_block, from_log)
);
create unique index role_targets_current on role_targets (target) where to_block is null;

-- Calls that wait in the AccessManager. status: 1 scheduled, 2 executed, 3 cancelled.
create table access_operations (
  id bytea not null, operation_nonce bigint not null, scheduled_for bigint, caller bytea, target bytea,
  call_data bytea, status bigint not null, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint, primary key (id, from_block, from_log)
);
create unique index access_operations_current on access_operations (id) where to_block is null;

-- Votes of seats for an emergency pause. The pause itself: parameters council.pausedFrom and council.pausedUntil.
create table pause_votes (
  seat bytea not null, votes bigint not null, reason bytea not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);

-- The code behind a proxy.
create table implementations (
  proxy bytea not null, implementation bytea not null, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint, primary key (proxy, from_block, from_log)
);
create unique index implementations_current on implementations (proxy) where to_block is null;

-- Code that Directory created; ContractRegistered names it.
create table created_contracts (
  target bytea not null, salt bytea not null, creation_digest bytea not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);
create index created_contracts_by_target on created_contracts (target);

-- What factories made and Directory lists.
create table contract_instances (
  factory bytea not null, instance bytea not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);
create index contract_instances_by_instance on contract_instances (instance);

-- Partners that may not sponsor.
create table sponsoring_bars (
  partner bytea not null, barred boolean not null, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (partner, from_block, from_log)
);
create unique index sponsoring_bars_current on sponsoring_bars (partner) where to_block is null;

-- What supervision and policy say of a voucher; null: as it was created.
create table voucher_rules (
  voucher bytea not null, cap numeric(78, 0), capacity numeric(78, 0), frozen boolean not null,
  holder_level bigint, secondary boolean, issue_mode bigint, hands bigint, holding_blocks bigint,
  period_blocks bigint, period_amount numeric(78, 0), transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (voucher, from_block, from_log)
);
create unique index voucher_rules_current on voucher_rules (voucher) where to_block is null;

-- What an order did to a voucher. measure: as IVoucherSupervision.Measure counts.
create table voucher_measures (
  voucher bytea not null, order_id bigint not null, measure bigint not null, account bytea,
  token numeric(78, 0) not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);
create index voucher_measures_by_voucher on voucher_measures (voucher, block_number, log_index);
create index voucher_measures_by_order_id on voucher_measures (order_id);

-- Base units of a holder that can not move.
create table voucher_freezes (
  voucher bytea not null, account bytea not null, lot numeric(78, 0) not null, amount numeric(78, 0) not null,
  transaction_hash bytea not null, from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (voucher, account, lot, from_block, from_log)
);
create unique index voucher_freezes_current on voucher_freezes (voucher, account, lot) where to_block is null;
create index voucher_freezes_by_account on voucher_freezes (account) where to_block is null;

create table forced_transfers (
  voucher bytea not null, sender bytea not null, recipient bytea not null, lot numeric(78, 0) not null,
  amount numeric(78, 0) not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);
create index forced_transfers_by_voucher on forced_transfers (voucher, block_number, log_index);

-- A lot of a voucher that can not be split: its face and the digest of what it stands for.
create table voucher_lots (
  voucher bytea not null, lot numeric(78, 0) not null, face numeric(78, 0) not null,
  metadata_digest bytea not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);
create index voucher_lots_by_voucher on voucher_lots (voucher, lot);

create table voucher_uris (
  voucher bytea not null, lot numeric(78, 0) not null, uri text not null, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (voucher, lot, from_block, from_log)
);
create unique index voucher_uris_current on voucher_uris (voucher, lot) where to_block is null;

-- cap: what the agent may still allocate from here on, as the issuer set it; 0: no agent any more.
create table voucher_agents (
  voucher bytea not null, agent bytea not null, cap numeric(78, 0) not null, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (voucher, agent, from_block, from_log)
);
create unique index voucher_agents_current on voucher_agents (voucher, agent) where to_block is null;
create index voucher_agents_by_agent on voucher_agents (agent) where to_block is null;

-- Delegated transfer: up to amount, until last_block.
create table voucher_allowances (
  voucher bytea not null, owner bytea not null, spender bytea not null, lot numeric(78, 0) not null,
  amount numeric(78, 0) not null, last_block bigint not null, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (voucher, owner, spender, lot, from_block, from_log)
);
create unique index voucher_allowances_current on voucher_allowances (voucher, owner, spender, lot) where to_block is null;
create index voucher_allowances_by_owner on voucher_allowances (owner) where to_block is null;
create index voucher_allowances_by_spender on voucher_allowances (spender) where to_block is null;

-- ERC-1155 setApprovalForAll.
create table voucher_operators (
  voucher bytea not null, owner bytea not null, spender bytea not null, approved boolean not null,
  transaction_hash bytea not null, from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (voucher, owner, spender, from_block, from_log)
);
create unique index voucher_operators_current on voucher_operators (voucher, owner, spender) where to_block is null;

-- What was redeemed of a voucher, and what circulates since.
create table voucher_burns (
  voucher bytea not null, lot numeric(78, 0) not null, amount numeric(78, 0) not null,
  circulating numeric(78, 0) not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);
create index voucher_burns_by_voucher on voucher_burns (voucher, block_number, log_index);

-- Accounts whose balance is kept for every block.
create table custodians (
  voucher bytea not null, custodian bytea not null, balance numeric(78, 0) not null,
  transaction_hash bytea not null, block_number bigint not null, log_index bigint not null,
  primary key (block_number, log_index)
);
create index custodians_by_custodian on custodians (custodian);

-- status: 1 presented, 2 redeemed, 3 refused, 4 overdue. answer: digest of the receipt or ground.
create table redemptions (
  id bigint not null, voucher bytea not null, holder bytea not null, lot numeric(78, 0) not null,
  amount numeric(78, 0) not null, last_block bigint not null, statement bytea, status bigint not null,
  answer bytea, presented_block bigint not null, closed_block bigint, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint, primary key (id, from_block, from_log)
);
create unique index redemptions_current on redemptions (id) where to_block is null;
create index redemptions_by_voucher on redemptions (voucher) where to_block is null;
create index redemptions_by_holder on redemptions (holder) where to_block is null;

-- Voucher against voucher. status: 1 open, 2 accepted, 3 cancelled. counterparty null: anybody.
create table offers (
  id bigint not null, maker bytea not null, counterparty bytea, give_voucher bytea not null,
  give_lot numeric(78, 0) not null, give_amount numeric(78, 0) not null, want_voucher bytea not null,
  want_lot numeric(78, 0) not null, want_amount numeric(78, 0) not null, last_block bigint not null,
  status bigint not null, taker bytea, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint, primary key (id, from_block, from_log)
);
create unique index offers_current on offers (id) where to_block is null;
create index offers_by_maker on offers (maker) where to_block is null;
create index offers_by_give_voucher on offers (give_voucher) where to_block is null;

-- voucher null: declared, bound to a record. state_block: the block that the total is of.
create table custody_proofs (
  id bytea not null, publisher bytea not null, voucher bytea, record bytea, state_block bigint not null,
  root bytea not null, total numeric(78, 0) not null, leaf_count bigint not null, disputed boolean not null,
  published_block bigint not null, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint, primary key (id, from_block, from_log)
);
create unique index custody_proofs_current on custody_proofs (id) where to_block is null;
create index custody_proofs_by_published_block on custody_proofs (published_block, id) where to_block is null;
create index custody_proofs_by_publisher on custody_proofs (publisher) where to_block is null;
create index custody_proofs_by_voucher on custody_proofs (voucher) where to_block is null;

-- status: 1 open, 2 answered, 3 contradicted.
create table custody_challenges (
  proof bytea not null, statement bytea not null, leaf_key bytea, amount numeric(78, 0), last_block bigint,
  status bigint not null, transaction_hash bytea not null,
  from_block bigint not null, from_log bigint not null, to_block bigint,
  primary key (proof, statement, from_block, from_log)
);
create unique index custody_challenges_current on custody_challenges (proof, statement) where to_block is null;

-- Which shape of tables the index was filled with: what this migration adds is filled from the chain's beginning.
alter table chain add column shape bigint not null default 1;

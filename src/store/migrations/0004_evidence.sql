-- Records and the objects whose records form a chain.

-- subject, responsible, business_key, refers_to: null where the chain has zero.
create table records (
  id bytea primary key,
  owner bytea not null,
  digest bytea not null,
  subject bytea,
  algorithm bigint not null,
  kind bigint not null,
  responsible bytea,
  business_key bytea,
  refers_to bytea,
  recorded_at bigint not null,
  transaction_hash bytea not null,
  block_number bigint not null,
  log_index bigint not null
);
create unique index records_by_position on records (block_number, log_index);
create index records_by_digest on records (digest, block_number, log_index);
create index records_by_owner on records (owner, block_number, log_index);
create index records_by_subject on records (subject, block_number, log_index) where subject is not null;
create index records_by_business_key on records (business_key, block_number, log_index) where business_key is not null;
create index records_by_kind on records (kind, block_number, log_index) where kind <> 0;
create index records_by_refers_to on records (refers_to) where refers_to is not null;

-- status: 2 revoked, 3 superseded. A record without a row is valid.
create table record_statuses (
  record bytea not null,
  status bigint not null,
  superseded_by bytea,
  reason bytea not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (record, from_block, from_log)
);
create unique index record_statuses_current on record_statuses (record) where to_block is null;

create table objects (
  id bytea primary key,
  owner bytea not null,
  key bytea not null,
  transaction_hash bytea not null,
  block_number bigint not null,
  log_index bigint not null
);
create index objects_by_owner on objects (owner, block_number, log_index);
create index objects_by_key on objects (key);

create table object_links (
  object bytea not null,
  position bigint not null,
  record bytea not null,
  previous bytea,
  digest bytea not null,
  block_number bigint not null,
  log_index bigint not null,
  primary key (object, position)
);
create index object_links_by_record on object_links (record);
create index object_links_by_position on object_links (block_number, log_index);

create table object_writers (
  object bytea not null,
  writer bytea not null,
  admitted boolean not null,
  transaction_hash bytea not null,
  from_block bigint not null,
  from_log bigint not null,
  to_block bigint,
  primary key (object, writer, from_block, from_log)
);
create unique index object_writers_current on object_writers (object, writer) where to_block is null;
create index object_writers_by_writer on object_writers (writer) where to_block is null;

-- Business data of partners (MW-1): schemas, and what of their rows is indexed. Times are milliseconds since 1970 (UTC).
--
-- A schema's rows stand in a table of their own, data_documents_<id>, so that whoever may read one tenant's rows meets no
-- other tenant's. What is indexed of them stands in data_index_<id>: a typed column a field. Both are made when they are
-- needed. An index can be made again from the rows at any time.

create table data_schemas (
  id bigint generated always as identity primary key,
  -- Whose it is: the account that a key speaks for, or the key.
  tenant text not null,
  name text not null,
  -- Of the version that new rows are checked by.
  digest bytea not null,
  created_at bigint not null,
  unique (tenant, name)
);

-- Every version that rows were checked by. digest: SHA-256 of the canonical JSON (RFC 8785) of the JSON Schema.
create table data_schema_versions (
  schema bigint not null references data_schemas on delete cascade,
  digest bytea not null,
  document text not null,
  registered_at bigint not null,
  primary key (schema, digest)
);

create table data_indexes (
  id bigint generated always as identity primary key,
  schema bigint not null references data_schemas on delete cascade,
  fields jsonb not null,
  -- building -> current -> retired; a retired one is dropped when nobody can be reading it any more.
  state text not null check (state in ('building', 'current', 'retired')),
  -- Rows that were there when it was made: how many, the last of them, and how far they are looked through.
  total bigint not null,
  done bigint not null,
  last_row bigint not null,
  done_row bigint not null,
  -- Rows of which a field does not have the type that it has here; they are found without it.
  misfits bigint not null,
  retired_at bigint
);
create unique index data_indexes_current on data_indexes (schema) where state = 'current';
create unique index data_indexes_building on data_indexes (schema) where state = 'building';

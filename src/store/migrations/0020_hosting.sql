-- Files that are kept off chain (EV-7). Times are milliseconds since 1970 (UTC). No row of files or of file_contents is
-- ever deleted: what was kept, for whom, from when until when, and who ended it stays.

-- Bytes, known by their SHA-256 and kept once however many files have them.
create table file_contents (
  digest bytea primary key check (octet_length(digest) = 32),
  size bigint not null check (size > 0),
  -- SHA-256 of each MiB, one behind the other: a range is checked by them while it is read.
  piece_digests bytea not null check (octet_length(piece_digests) = (size + 1048575) / 1048576 * 32),
  -- arriving: it may be in the store already. removed: no file had it any more.
  state text not null check (state in ('arriving', 'kept', 'removed')),
  changed_at bigint not null,
  -- When all of it was last read and compared.
  checked_at bigint not null,
  -- What was found wrong with it, until it is mended.
  fault text check (fault in ('missing', 'size', 'content', 'record'))
);
-- Pieces are read from the middle.
alter table file_contents alter column piece_digests set storage external;
create index file_contents_by_check on file_contents (checked_at) where state = 'kept';
create index file_contents_by_fault on file_contents (digest) where fault is not null;

create table files (
  id text primary key,
  -- Whose it is: the account that a key speaks for, or the key.
  tenant text not null,
  account bytea check (octet_length(account) = 20),
  digest bytea not null references file_contents,
  size bigint not null,
  name text not null,
  media_type text not null,
  visibility text not null check (visibility in ('private', 'public')),
  kept_from bigint not null,
  kept_by text not null,
  -- Nobody deletes it before, not even its owner.
  retained_until bigint,
  -- End of its term: then the platform deletes it.
  term_ends bigint,
  deleted_at bigint,
  deleted_by text,
  deletion_reason text,
  check ((deleted_at is null) = (deleted_by is null))
);
create unique index files_kept on files (tenant, digest) where deleted_at is null;
create index files_by_digest on files (digest) where deleted_at is null;
create index files_by_tenant on files (tenant, kept_from, id);
create index files_by_term on files (term_ends) where deleted_at is null and term_ends is not null;

-- Files on their way (tus). Their bytes are in the folder of the process that takes them.
create table file_uploads (
  id text primary key,
  -- Which folder, so that no other process takes it for empty.
  folder text not null,
  tenant text not null,
  account bytea check (octet_length(account) = 20),
  principal text not null,
  size bigint not null check (size > 0),
  -- Bytes that are safe on disk.
  received bigint not null default 0 check (received between 0 and size),
  -- What it has to come to, where that was said.
  digest bytea check (octet_length(digest) = 32),
  name text not null,
  media_type text not null,
  visibility text not null check (visibility in ('private', 'public')),
  retained_until bigint,
  term_ends bigint,
  begun_at bigint not null,
  expires_at bigint not null,
  -- What became of it.
  file text references files
);
create index file_uploads_by_tenant on file_uploads (tenant, begun_at, id);
create index file_uploads_by_expiry on file_uploads (expires_at);

-- Bytes that a partner may keep at a time; null: what the settings say. Its row is locked while room is given away.
create table file_quotas (
  tenant text primary key,
  bytes bigint check (bytes >= 0)
);

-- What was found wrong in the store, by whom, and since when it is right again.
create table file_findings (
  id bigint generated always as identity primary key,
  digest bytea not null references file_contents,
  fault text not null,
  -- First byte of the first piece that is wrong, where that is known.
  position bigint,
  found_by text not null,
  found_at bigint not null,
  mended_at bigint
);
create unique index file_findings_open on file_findings (digest) where mended_at is null;

-- Which process may use a key. With a gas price of zero a second transaction of the same nonce silently replaces the first, so
-- one process at a time hands out a key's nonces.
create table key_leases (
  -- Address of the key.
  key bytea primary key,
  owner text not null,
  -- Rises each time the lease is taken: a former owner that comes back is told from the present one.
  fence bigint not null,
  -- Milliseconds since 1970 (UTC) by the database's clock, which all its processes share.
  expires_at bigint not null
);

-- A relay's transaction as it was signed, stored before it is sent: what may have reached a node is sent again as the same
-- bytes, never as another transaction of its nonce. Null: written before this column was there.
alter table relay_bundles add column raw bytea;
-- Signatures and hashes do not shrink.
alter table relay_bundles alter column raw set storage external;
delete from relay_bundles former using relay_bundles kept
  where former.relay = kept.relay and former.nonce = kept.nonce and former.transaction_hash < kept.transaction_hash;
create unique index relay_bundles_by_nonce on relay_bundles (relay, nonce);

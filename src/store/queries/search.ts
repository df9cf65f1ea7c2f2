import type { Database } from "../database.ts";

/** What a search found; `id` is bytes or a number in decimal, `title` a name where there is one. */
export interface HitRow {
  kind:
    | "record"
    | "object"
    | "account"
    | "partner"
    | "voucher"
    | "agreement"
    | "batch"
    | "order"
    | "block"
    | "operation";
  id: Uint8Array;
  title: string | null;
  /** Of an account's name, as AccountNames counts; otherwise null. */
  name_kind?: number | null;
}

/** A name with whose it is. */
export interface NamedRow extends HitRow {
  title: string;
}

const PER_KIND = 10;
/** Names that another one is compared with: the oldest, which are those that are imitated. */
const MOST_COMPARED = 2_000;

/** Everything that a hash of 32 bytes can be: identifier, digest, key, block, transaction or operation. */
export function searchHash(db: Database, hash: Uint8Array): Promise<HitRow[]> {
  return db.query(
    `(select 'record' as kind, id, null as title from records where id = $1)
     union all (select 'record', id, null from records where digest = $1
       order by block_number, log_index limit ${PER_KIND})
     union all (select 'record', id, null from records where business_key = $1
       order by block_number, log_index limit ${PER_KIND})
     union all (select 'record', id, null from records where subject = $1 and not exists (select 1 from objects where id = $1)
       order by block_number, log_index limit ${PER_KIND})
     union all (select 'object', id, null from objects where id = $1)
     union all (select 'object', id, null from objects where key = $1 order by block_number, log_index limit ${PER_KIND})
     union all (select 'agreement', id, null from agreements where id = $1 and to_block is null)
     union all (select 'agreement', id, null from agreements where digest = $1 and to_block is null
       order by proposed_block, id limit ${PER_KIND})
     union all (select 'batch', id, null from batches where id = $1)
     union all (select 'batch', id, null from batches where root = $1 order by block_number, log_index limit ${PER_KIND})
     union all (select 'order', convert_to(id::text, 'UTF8'), null from orders where document = $1 and to_block is null
       order by orders.id limit ${PER_KIND})
     union all (select 'operation', hash, null from operations where hash = $1)
     union all (select 'operation', hash, null from operation_pool
       where hash = $1 and not exists (select 1 from operations where hash = $1) limit 1)
     union all (select 'block', convert_to(number::text, 'UTF8'), null from blocks where hash = $1)
     union all (select 'block', convert_to(block_number::text, 'UTF8'), 'transaction' from transactions where hash = $1)
     union all (select 'account', account, document from signatures where signed_digest = $1 limit ${PER_KIND})`,
    [hash],
  );
}

/** What an address can be; the names of partners, vouchers and accounts with it. */
export function searchAddress(db: Database, address: Uint8Array): Promise<HitRow[]> {
  return db.query(
    `(select 'partner' as kind, partner as id, name as title, null::bigint as name_kind
       from partners where partner = $1 and to_block is null)
     union all (select 'account', a.address, n.name, case when n.name is null then null else n.kind end from accounts a
       left join account_names n on n.account = a.address and n.to_block is null where a.address = $1)
     union all (select 'voucher', v.address, a.name, null from vouchers v
       join voucher_applications a on a.id = v.application and a.to_block is null where v.address = $1)`,
    [address],
  );
}

/** Partners, vouchers and accounts whose name, or symbol, contains the text; those that begin with it first. */
export function searchName(db: Database, text: string): Promise<NamedRow[]> {
  const escaped = text.toLowerCase().replace(/[\\%_]/g, "\\$&");
  return db.query(
    `select kind, id, title, name_kind from (
       select 'partner' as kind, partner as id, name as title, name as word, null::bigint as name_kind
         from partners where to_block is null
       union all select 'voucher', v.address, a.name, a.name || ' ' || a.symbol, null from vouchers v
         join voucher_applications a on a.id = v.application and a.to_block is null
       union all select 'account', account, name, name, kind from account_names
         where to_block is null and name is not null
     ) named where lower(word) like '%' || $1::text || '%'
     order by lower(word) like $1::text || '%' desc, title, id limit 20`,
    [escaped],
  );
}

/** Accounts whose name looks or reads like the one of these skeletons (`nameSkeletons`). */
export function searchLikeNames(db: Database, look: Uint8Array, letters: Uint8Array): Promise<NamedRow[]> {
  return db.query(
    `select 'account' as kind, account as id, name as title, kind as name_kind from account_names
     where to_block is null and name is not null and (look_skeleton = $1 or letter_skeleton = $2)
     order by name, account limit ${PER_KIND}`,
    [look, letters],
  );
}

/** Names of partners and vouchers, which have no skeletons on the chain, the oldest first. */
export function comparedNames(db: Database): Promise<NamedRow[]> {
  return db.query(
    `(select 'partner' as kind, partner as id, name as title from partners where to_block is null
       order by admitted_block, partner limit ${MOST_COMPARED})
     union all (select 'voucher', v.address, a.name from vouchers v
       join voucher_applications a on a.id = v.application and a.to_block is null
       order by v.block_number, v.log_index limit ${MOST_COMPARED})`,
    [],
  );
}

import type { Database } from "../database.ts";

/** What a search found; `id` is bytes or a number in decimal, `title` a name where there is one. */
export interface HitRow {
  kind: "record" | "object" | "account" | "partner" | "voucher" | "block" | "operation";
  id: Uint8Array;
  title: string | null;
}

const PER_KIND = 10;

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
     union all (select 'operation', hash, null from operations where hash = $1)
     union all (select 'operation', hash, null from operation_pool
       where hash = $1 and not exists (select 1 from operations where hash = $1) limit 1)
     union all (select 'block', convert_to(number::text, 'UTF8'), null from blocks where hash = $1)
     union all (select 'block', convert_to(block_number::text, 'UTF8'), 'transaction' from transactions where hash = $1)
     union all (select 'account', account, document from signatures where signed_digest = $1 limit ${PER_KIND})`,
    [hash],
  );
}

/** What an address can be; the names of partners and vouchers with it. */
export function searchAddress(db: Database, address: Uint8Array): Promise<HitRow[]> {
  return db.query(
    `(select 'partner' as kind, partner as id, name as title from partners where partner = $1 and to_block is null)
     union all (select 'account', address, null from accounts where address = $1)
     union all (select 'voucher', v.address, a.name from vouchers v
       join voucher_applications a on a.id = v.application and a.to_block is null where v.address = $1)`,
    [address],
  );
}

/** Partners and vouchers whose name, or symbol, contains the text; those that begin with it first. */
export function searchName(db: Database, text: string): Promise<HitRow[]> {
  const escaped = text.toLowerCase().replace(/[\\%_]/g, "\\$&");
  return db.query(
    `select kind, id, title from (
       select 'partner' as kind, partner as id, name as title, name as word from partners where to_block is null
       union all select 'voucher', v.address, a.name, a.name || ' ' || a.symbol from vouchers v
         join voucher_applications a on a.id = v.application and a.to_block is null
     ) named where lower(word) like '%' || $1::text || '%'
     order by lower(word) like $1::text || '%' desc, title, id limit 20`,
    [escaped],
  );
}

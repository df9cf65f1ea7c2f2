import type { Database } from "../store/database.ts";
import { lockViews } from "../store/views/create-views.ts";
import { grantToReaders } from "../store/views/grants.ts";
import { quoted } from "../store/views/quoted.ts";
import { ensureRecordBase, RECORD_BASE } from "../store/views/record-base.ts";
import type { Field } from "./field.ts";
import { documentsTable, indexTable, typedColumn } from "./index-table.ts";

/** PostgreSQL schema of a tenant's views. */
export const tenantSchema = (tenant: string) => `brop_data_${tenant}`;

export interface DataView {
  tenant: string;
  name: string;
  schema: number;
  index: number;
  fields: readonly Field[];
}

/**
 * Makes the view of a schema's rows anew: its fields as columns, the document, and the record that stands for it on chain.
 * Documents of other tenants stand in other tables, so no function that a reader writes can be shown them.
 */
export async function createDataView(tx: Database, { tenant, name, schema, index, fields }: DataView): Promise<void> {
  const columns = fields.map((field, place) => `i.${typedColumn(place)} as ${quoted(field.name)}`);
  await lockViews(tx);
  await ensureRecordBase(tx);
  await tx.query(`create schema if not exists ${quoted(tenantSchema(tenant))}`, []);
  await dropDataView(tx, tenant, name);
  await tx.query(
    `create view ${quoted(tenantSchema(tenant))}.${quoted(name)} as
     select ${[...columns, ...COMMON].join(", ")}
     from ${indexTable(index)} i
     join ${documentsTable(schema)} d on d.id = i.id
     left join lateral (
       select b.id, b.block_number, b.transaction_hash, b.recorded_at, b.status from ${RECORD_BASE} b
       where b.digest = d.digest and b.owner = d.owner order by b.block_number, b.log_index limit 1
     ) r on true`,
    [],
  );
  await grantToReaders(tx, tenantSchema(tenant));
}

const COMMON = [
  "'0x' || encode(d.digest, 'hex') as digest",
  "'0x' || encode(d.owner, 'hex') as owner",
  "'0x' || encode(d.version, 'hex') as version",
  "d.document::jsonb as document",
  "to_timestamp(d.created_at / 1000.0) as created_at",
  "case when r.id is null then 'unrecorded' else 'recorded' end as state",
  "case when r.id is null then null when r.status = 2 then 'revoked' when r.status = 3 then 'superseded' else 'valid' end as status",
  "'0x' || encode(r.id, 'hex') as record",
  "r.block_number as block",
  "'0x' || encode(r.transaction_hash, 'hex') as transaction",
  "to_timestamp(r.recorded_at) as recorded_at",
];

export async function dropDataView(tx: Database, tenant: string, name: string): Promise<void> {
  await tx.query(`drop view if exists ${quoted(tenantSchema(tenant))}.${quoted(name)}`, []);
}

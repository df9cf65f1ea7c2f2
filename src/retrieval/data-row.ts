/** A row with the record that stands for it on chain; hashes are hexadecimal digits without 0x. */
export interface DataRow {
  id: number;
  digest: string;
  owner: string;
  version: string;
  /** Canonical JSON. */
  document: string;
  created_at: number;
  /** Null, with all that follows: not recorded yet. */
  record: string | null;
  block_number: number | null;
  log_index: number | null;
  transaction_hash: string | null;
  recorded_at: number | null;
  /** Null: valid. */
  status: number | null;
  superseded_by: string | null;
}

/**
 * What a statement has to select of documents `d` and `ROW_RECORD`: two columns. A driver takes a column at a time, and
 * a dozen of small ones cost more than all the rest of a look-up. `concat` writes nothing for null.
 */
export const ROW_COLUMNS = `d.document, concat(${[
  "d.id",
  "encode(d.digest, 'hex')",
  "encode(d.owner, 'hex')",
  "encode(d.version, 'hex')",
  "d.created_at",
  "encode(r.id, 'hex')",
  "r.block_number",
  "r.log_index",
  "encode(r.transaction_hash, 'hex')",
  "r.recorded_at",
  "s.status",
  "encode(s.superseded_by, 'hex')",
].join(", ' ', ")}) as parts`;

/** The owner's first record of the digest. It is looked up whenever somebody asks, so it is right whatever the index does. */
export const ROW_RECORD = `left join lateral (
    select r.id, r.block_number, r.log_index, r.transaction_hash, r.recorded_at from public.records r
    where r.digest = d.digest and r.owner = d.owner order by r.block_number, r.log_index limit 1
  ) r on true
  left join public.record_statuses s on s.record = r.id and s.to_block is null`;

/** As `ROW_COLUMNS` gives it. */
export interface SelectedRow {
  document: string;
  parts: string;
}

/** Reads what `ROW_COLUMNS` selected. */
export function dataRow({ document, parts }: SelectedRow): DataRow {
  const [id, digest, owner, version, created, record, block, log, transaction, recorded, status, supersededBy] =
    parts.split(" ") as [string, string, string, string, ...string[]];
  return {
    id: Number(id),
    digest,
    owner,
    version,
    document,
    created_at: Number(created),
    record: textOf(record),
    block_number: numberOf(block),
    log_index: numberOf(log),
    transaction_hash: textOf(transaction),
    recorded_at: numberOf(recorded),
    status: numberOf(status),
    superseded_by: textOf(supersededBy),
  };
}

const textOf = (part: string | undefined) => part || null;
const numberOf = (part: string | undefined) => (part ? Number(part) : null);

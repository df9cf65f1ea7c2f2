export type ColumnKind = "bytes" | "integer" | "numeric" | "text" | "boolean" | "json" | "jsonText";
export type ColumnType = ColumnKind | `${ColumnKind}?`;
export type Columns = Readonly<Record<string, ColumnType>>;

/** `bytes`: hexadecimal digits in lower case without 0x. `numeric`: decimal digits. `jsonText`: jsonb that is written only, as text. */
interface Values {
  bytes: string;
  integer: number;
  numeric: string;
  text: string;
  boolean: boolean;
  json: unknown;
  jsonText: string;
}

type ValueOf<Type extends ColumnType> = Type extends `${infer Kind extends ColumnKind}?`
  ? Values[Kind] | null
  : Type extends ColumnKind
    ? Values[Type]
    : never;
export type RowOf<Of extends Columns> = { -readonly [Name in keyof Of]: ValueOf<Of[Name]> };

/** A row stands for one event; it tells its own block. */
export interface AppendedTable {
  readonly columns: Columns;
}

/** A row is a state that holds from a block until before another; the writer adds from_block, from_log, to_block. */
export interface VersionedTable {
  readonly key: Columns;
  readonly state: Columns;
  /** One version a block is enough, because another table has every step. */
  readonly onePerBlock?: boolean;
}

export const position = { block_number: "integer", log_index: "integer" } as const;
/** Of a row that stands for one event. */
export const event = { transaction_hash: "bytes", ...position } as const;
/** Of a row that is a state: the transaction that brought it about. */
export const change = { transaction_hash: "bytes" } as const;

/** What the values of a column are, null left aside. */
export function kindOf(columns: Columns, name: string): ColumnKind {
  return columns[name]?.replace("?", "") as ColumnKind;
}

import { APPENDED, BLOCKS, type Columns, VERSIONED } from "../tables.ts";

/** A view over one table of the index. */
export interface ViewDefinition {
  name: string;
  /** One line for the page on retrieval. */
  about: string;
  columns: readonly ViewColumn[];
  /** `from` and what follows, with the place of a table's PostgreSQL schema as `$schema`. */
  from: string;
}

export interface ViewColumn {
  name: string;
  sql: string;
  type: "text" | "bigint" | "numeric" | "boolean" | "jsonb" | "timestamptz";
}

/** Views that have another name than their table. */
const NAMES: Readonly<Record<string, string>> = {
  voucher_balances: "balances",
  voucher_transfers: "transfers",
  voucher_supplies: "supplies",
};

/** What the chain counts in numbers and people call by words, from 0. */
const WORDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  certifications: { status: ["none", "active", "suspended", "revoked"] },
  partners: { status: ["none", "admitted", "suspended", "terminated"] },
  voucher_applications: { status: ["none", "applied", "withdrawn", "refused", "created"] },
  proposals: { status: ["none", "open", "agreed", "executed", "cancelled"] },
  senders: { kind: ["none", "operator", "seat", "relay"] },
  record_statuses: { status: ["none", "valid", "revoked", "superseded"] },
  account_names: { kind: ["none", "certified", "custom"] },
  key_resets: { status: ["none", "proposed", "waiting", "completed", "objected", "cancelled"] },
  agreements: { status: ["none", "proposed", "effective", "cancelled"] },
  orders: { status: ["none", "filed", "executed", "reported", "withdrawn"] },
  access_operations: { status: ["none", "scheduled", "executed", "cancelled"] },
  redemptions: { status: ["none", "presented", "redeemed", "refused", "overdue"] },
  offers: { status: ["none", "open", "accepted", "cancelled"] },
  custody_challenges: { status: ["none", "open", "answered", "contradicted"] },
};

/** Columns of seconds since 1970. */
const TIMES: ReadonlySet<string> = new Set([
  ...["timestamp", "recorded_at", "issued_at", "expires_at", "anchored_at", "stated_at", "closed_at", "registered_at"],
  ...["valid_until", "ended_at", "not_before", "not_after", "since", "scheduled_for"],
]);
/** 9999-12-31T23:59:59Z: a later time, which PostgreSQL may not have, is shown as this. */
const LAST_SECOND = 253_402_300_799;

/** Every view of the schema `brop_views`, by name. */
export function viewDefinitions(): ViewDefinition[] {
  const appended = Object.entries(APPENDED).map(([table, { columns }]) =>
    table === "records" ? recordsView(columns) : appendedView(table, columns),
  );
  const versioned = Object.entries(VERSIONED).flatMap(([table, { key, state }]) => versionedViews(table, key, state));
  return [appendedView("blocks", BLOCKS.columns), ...appended, ...versioned].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function appendedView(table: string, columns: Columns): ViewDefinition {
  return {
    ...{ name: nameOf(table), about: `${spaced(table)}: a row each, as it happened` },
    ...{ columns: shown(table, columns), from: `from $schema.${table} t` },
  };
}

/** With what became of it, which is what most readers want to know. */
function recordsView(columns: Columns): ViewDefinition {
  const words = "(array['valid','revoked','superseded'])[coalesce(s.status, 1)]";
  return {
    ...{ name: "records", about: "records, and what became of each" },
    columns: [
      ...shown("records", columns),
      { name: "status", sql: words, type: "text" },
      { name: "superseded_by", sql: hex("s.superseded_by"), type: "text" },
      { name: "status_block", sql: "s.from_block", type: "bigint" },
    ],
    from: "from $schema.records t left join $schema.record_statuses s on s.record = t.id and s.to_block is null",
  };
}

/** What holds now, and everything that ever held. */
function versionedViews(table: string, key: Columns, state: Columns): ViewDefinition[] {
  const name = nameOf(table);
  const columns = shown(table, { ...key, ...state });
  const version: Columns = { from_block: "integer", from_log: "integer", to_block: "integer?" };
  const since: ViewColumn = { name: "from_block", sql: "t.from_block", type: "bigint" };
  return [
    {
      ...{ name, about: `${spaced(table)} as they are now` },
      ...{ columns: [...columns, since], from: `from $schema.${table} t where t.to_block is null` },
    },
    {
      ...{ name: `${name}_history`, about: `${spaced(table)} as they were from one block until before another` },
      ...{ columns: [...columns, ...shown(table, version)], from: `from $schema.${table} t` },
    },
  ];
}

function shown(table: string, columns: Columns): ViewColumn[] {
  return Object.entries(columns).map(([name, kind]) => columnOf(table, name, kind.replace("?", "")));
}

function columnOf(table: string, name: string, kind: string): ViewColumn {
  const column = `t.${name}`;
  const words = WORDS[table]?.[name];
  // Arrays of SQL count from 1.
  if (words !== undefined)
    return { name, sql: `(array[${words.map(literal).join(",")}])[${column} + 1]`, type: "text" };
  if (TIMES.has(name)) return { name, sql: `to_timestamp(least(${column}, ${LAST_SECOND}))`, type: "timestamptz" };
  switch (kind) {
    case "bytes":
      return { name, sql: hex(column), type: "text" };
    case "integer":
      return { name, sql: column, type: "bigint" };
    case "json":
    case "jsonText":
      return { name, sql: column, type: "jsonb" };
    default:
      return { name, sql: column, type: kind as ViewColumn["type"] };
  }
}

const nameOf = (table: string) => NAMES[table] ?? table;
const spaced = (table: string) => table.replaceAll("_", " ");
const hex = (column: string) => `'0x' || encode(${column}, 'hex')`;
const literal = (word: string) => `'${word}'`;

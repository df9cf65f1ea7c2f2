import { arrays, insertRows, type Row, sameKey, selectList, unnest } from "./bulk.ts";
import type { Database } from "./database.ts";
import {
  APPENDED,
  type AppendedName,
  type AppendedRow,
  BLOCKS,
  type Columns,
  type KeyOf,
  type RowOf,
  type StateOf,
  VERSIONED,
  type VersionedName,
  type VersionedTable,
} from "./tables.ts";

/** Where on the chain something happened. */
export interface Position {
  block: number;
  log: number;
}

type Step = (previous: Row | undefined) => Row | undefined;

interface Entity {
  key: Row;
  steps: { at: Position; step: Step }[];
}

/**
 * What a range of whole blocks changes, collected first and written at once. Changes of versioned tables are steps from
 * the state before, so that nothing has to be read while events are decoded.
 */
export class Changes {
  readonly #blocks: RowOf<(typeof BLOCKS)["columns"]>[] = [];
  readonly #appended = new Map<AppendedName, Row[]>();
  readonly #versioned = new Map<VersionedName, Map<string, Entity>>();
  readonly #charges = new Map<string, { points: bigint; row: AppendedRow<"quota_charges"> }>();

  block(row: RowOf<(typeof BLOCKS)["columns"]>): void {
    this.#blocks.push(row);
  }

  append<Name extends AppendedName>(table: Name, row: AppendedRow<Name>): void {
    const rows = this.#appended.get(table);
    if (rows === undefined) this.#appended.set(table, [row]);
    else rows.push(row);
  }

  /** Rows that were appended to a table so far. */
  appended<Name extends AppendedName>(table: Name): readonly AppendedRow<Name>[] {
    return (this.#appended.get(table) ?? []) as AppendedRow<Name>[];
  }

  /** Charges of one account, payer and block become one row. */
  charge(account: string, payer: string, block: number, points: bigint): void {
    const name = `${account} ${payer} ${block}`;
    let charge = this.#charges.get(name);
    if (charge === undefined) {
      const row = { account, payer, points: "0", operations: 0, block_number: block };
      charge = { points: 0n, row };
      this.#charges.set(name, charge);
      this.append("quota_charges", row);
    }
    charge.points += points;
    charge.row.points = charge.points.toString();
    charge.row.operations += 1;
  }

  /** `step` gets the state before, undefined if there was none, and gives the one after; undefined: no change. */
  change<Name extends VersionedName>(
    table: Name,
    key: KeyOf<Name>,
    at: Position,
    step: (previous: StateOf<Name> | undefined) => StateOf<Name> | undefined,
  ): void {
    let entities = this.#versioned.get(table);
    if (entities === undefined) {
      entities = new Map();
      this.#versioned.set(table, entities);
    }
    const name = nameOf(VERSIONED[table].key, key);
    let entity = entities.get(name);
    if (entity === undefined) {
      entity = { key, steps: [] };
      entities.set(name, entity);
    }
    entity.steps.push({ at: { block: at.block, log: at.log }, step: step as Step });
  }

  /** The whole state from here on. */
  set<Name extends VersionedName>(table: Name, key: KeyOf<Name>, at: Position, state: StateOf<Name>): void {
    this.change(table, key, at, () => state);
  }

  /** Some columns of a state that is there; nothing where there is none. */
  patch<Name extends VersionedName>(table: Name, key: KeyOf<Name>, at: Position, state: Partial<StateOf<Name>>): void {
    this.change(table, key, at, (previous) => (previous === undefined ? undefined : { ...previous, ...state }));
  }

  /** Writes all of it. The caller's transaction makes it one with the cursor. */
  async write(tx: Database): Promise<void> {
    await insertRows(tx, "blocks", BLOCKS.columns, this.#blocks);
    for (const [table, rows] of this.#appended) await insertRows(tx, table, APPENDED[table].columns, rows);
    for (const [table, entities] of this.#versioned) {
      await writeVersions(tx, table, VERSIONED[table], [...entities.values()]);
    }
  }
}

const VERSION = { from_block: "integer", from_log: "integer", to_block: "integer?" } as const satisfies Columns;

interface Version extends Row {
  from_block: number;
  from_log: number;
  to_block: number | null;
}

async function writeVersions(tx: Database, name: string, table: VersionedTable, entities: Entity[]): Promise<void> {
  const columns = { ...table.key, ...table.state };
  const current = await readCurrent(tx, name, table, entities);
  const ended: Row[] = [];
  const begun: Version[] = [];
  for (const { key, steps } of entities) {
    const stored = current.get(nameOf(table.key, key));
    const versions = versionsOf(key, stored, steps, table.onePerBlock ?? false);
    const first = versions[0];
    if (first === undefined) continue;
    if (stored !== undefined) ended.push({ ...key, to_block: first.from_block });
    begun.push(...versions);
  }
  if (ended.length > 0) {
    const ends = { ...table.key, to_block: "integer" } as const satisfies Columns;
    await tx.query(
      `update ${name} set to_block = given.to_block from ${unnest(ends)}
       where ${name}.to_block is null and ${sameKey(name, table.key)}`,
      arrays(ends, ended),
    );
  }
  await insertRows(tx, name, { ...columns, ...VERSION }, begun);
}

async function readCurrent(tx: Database, name: string, table: VersionedTable, entities: Entity[]) {
  const keys = entities.map(({ key }) => key);
  const rows = await tx.query<Row>(
    `select ${selectList(name, { ...table.key, ...table.state })} from ${unnest(table.key)}
     join ${name} on ${sameKey(name, table.key)} where ${name}.to_block is null`,
    arrays(table.key, keys),
  );
  return new Map(rows.map((row) => [nameOf(table.key, row), row]));
}

function versionsOf(key: Row, stored: Row | undefined, steps: Entity["steps"], onePerBlock: boolean): Version[] {
  const versions: Version[] = [];
  let state = stored;
  for (const { at, step } of steps) {
    const next = step(state);
    if (next === undefined) continue;
    state = { ...next, ...key };
    const last = versions.at(-1);
    if (last !== undefined && onePerBlock && last.from_block === at.block) versions.pop();
    else if (last !== undefined) last.to_block = at.block;
    versions.push({ ...state, from_block: at.block, from_log: at.log, to_block: null });
  }
  return versions;
}

function nameOf(columns: Columns, key: Row): string {
  return Object.keys(columns)
    .map((column) => key[column])
    .join(" ");
}

import { hexToBytes } from "../../core/hex.ts";
import type { Database } from "../../store/database.ts";
import type { KeyKind, Order } from "../../store/queries/page.ts";
import { findStates, type StateRow } from "../../store/queries/states.ts";
import type { AppendedName, VersionedName } from "../../store/tables.ts";
import { checkBlock, found, optionalAccount } from "../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../paging.ts";
import { type AddRoute, routeSchema } from "../routes/route.ts";
import { at, given, objectOf, oneOf, pageSchema, type Schema } from "../schema.ts";
import { aBlock, type Member } from "./members.ts";

/** What a list can be asked for: a column that has to be so. */
export interface Filter {
  column: string;
  kind: "account" | "hash" | "number" | "text" | "prefix" | readonly string[];
  description: string;
}

export interface StateRoutes {
  /** For example `/agreements`. */
  path: string;
  tag: string;
  summary: string;
  table: VersionedName | AppendedName;
  /** Columns that are a definite order, newest or highest first unless said otherwise. */
  order: Readonly<Record<string, KeyKind>>;
  direction?: "asc" | "desc";
  members: Readonly<Record<string, Member>>;
  filters: Readonly<Record<string, Filter>>;
  /** Rows in which one of these is null are not listed. */
  present?: readonly string[];
  /** A route for one of them, by its identifier. */
  one?: {
    summary: string;
    /** What it is called in a refusal. */
    name: string;
    column: string;
    kind: "hash" | "number";
    /** What is told besides of one. */
    more?: { schema: Readonly<Record<string, Schema>>; read: More };
  };
}

type More = (db: Database, row: StateRow, at: number | undefined) => Promise<Record<string, unknown>>;

const FIRST = { limit: 1 };

/** The routes of a table that tells the state of something: a list with filters, and one of it. Both also as of a block. */
export function stateRoutes(routes: StateRoutes): AddRoute[] {
  return routes.one === undefined ? [listRoute(routes)] : [listRoute(routes), oneRoute(routes, routes.one)];
}

function listRoute({
  path,
  tag,
  summary,
  table,
  order,
  direction = "desc",
  members,
  filters,
  present,
}: StateRoutes): AddRoute {
  const sorted: Order = {
    columns: Object.fromEntries(Object.entries(order).map(([column, kind]) => [`s.${column}`, kind])),
    direction,
  };
  const query = Object.fromEntries(Object.entries(filters).map(([name, filter]) => [name, schemaOf(filter)]));
  const schema = routeSchema({
    ...{ summary, tag, access: "public", query: { ...query, ...at, ...paging } },
    answer: pageSchema(schemaOfMembers(members)),
  });
  return (server, { db }) => {
    server.get<{ Querystring: PagingQuery & Record<string, unknown> & { at?: number } }>(
      path,
      { schema },
      async ({ query: asked }) => {
        const equal: Record<string, unknown> = {};
        let prefix: { column: string; text: string } | undefined;
        for (const [name, { column, kind }] of Object.entries(filters)) {
          const value = asked[name];
          if (value === undefined) continue;
          if (kind === "prefix") prefix = { column, text: String(value) };
          else equal[column] = await soughtValue(db, kind, value);
        }
        const filter = {
          equal,
          prefix,
          at: await checkBlock(db, asked.at),
          ...(present === undefined ? {} : { present }),
        };
        const page = await findStates(db, table, filter, pageRequest(asked, sorted), sorted);
        return pageAnswer(page, (row) => show(members, row));
      },
    );
  };
}

function oneRoute({ path, tag, table, members }: StateRoutes, one: NonNullable<StateRoutes["one"]>): AddRoute {
  const { summary, name, column, kind, more } = one;
  const identifier = kind === "hash" ? given.hash(`Identifier of the ${name}`) : given.number(`Number of the ${name}`);
  const schema = routeSchema({
    ...{ summary, tag, access: "public", params: { id: identifier }, query: at },
    answer: schemaOfMembers(members, more?.schema),
  });
  const order: Order = { columns: { [`s.${column}`]: kind === "hash" ? "bytes" : "integer" }, direction: "asc" };
  return (server, { db }) => {
    server.get<{ Params: { id: string | number }; Querystring: { at?: number } }>(
      `${path}/:id`,
      { schema },
      async ({ params, query }) => {
        const block = await checkBlock(db, query.at);
        const id = kind === "hash" ? hexToBytes(String(params.id)) : Number(params.id);
        const { rows } = await findStates(db, table, { equal: { [column]: id }, at: block }, FIRST, order);
        const row = found(rows[0], name, params.id);
        return { ...show(members, row), ...(await more?.read(db, row, block)) };
      },
    );
  };
}

function schemaOf({ kind, description }: Filter): Schema {
  if (kind === "account") return given.account(description);
  if (kind === "hash") return given.hash(description);
  if (kind === "number") return given.number(description);
  if (typeof kind !== "string") return { ...oneOf(kind.slice(1)), description };
  // PostgreSQL's text can not hold NUL.
  return { type: "string", minLength: 1, maxLength: 200, pattern: "^[^\\u0000]*$", description };
}

async function soughtValue(db: Database, kind: Filter["kind"], value: unknown): Promise<unknown> {
  if (kind === "account") return optionalAccount(db, String(value));
  if (kind === "hash") return hexToBytes(String(value));
  return typeof kind === "string" ? value : kind.indexOf(String(value));
}

function schemaOfMembers(
  members: Readonly<Record<string, Member>>,
  more: Readonly<Record<string, Schema>> = {},
): Schema {
  const schemas = Object.entries(members).map(([name, { schema }]) => [name, schema] as const);
  return objectOf({ ...Object.fromEntries(schemas), blockNumber: SINCE.schema, ...more });
}

const SINCE = aBlock("since_block", "Block from which this holds, or in which it happened");

/** A row as it is answered. */
export function show(members: Readonly<Record<string, Member>>, row: StateRow): Record<string, unknown> {
  const shown = Object.entries(members).map(([name, member]) => [name, member.show(row[member.column] as never)]);
  return { ...Object.fromEntries(shown), blockNumber: row.since_block };
}

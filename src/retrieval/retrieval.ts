import type { Clock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { hexToBytes, isHexBytes } from "../core/hex.ts";
import type { Logger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import { countBuilding, findLiveIndexes, type IndexRow } from "../store/queries/retrieval/indexes.ts";
import {
  findAnchors,
  findSchema,
  listSchemas,
  listVersions,
  type SchemaRow,
} from "../store/queries/retrieval/schemas.ts";
import { type AggregateQuery, aggregate, type Group } from "./aggregate.ts";
import { Catalog, type Source } from "./catalog.ts";
import type { DataRow } from "./data-row.ts";
import { deleteRow, type GivenRow, type PutResult, putRows } from "./documents.ts";
import { type ExportQuery, exportedRows } from "./export.ts";
import type { Field } from "./field.ts";
import { parseFilter } from "./filter.ts";
import { IndexBuilder } from "./index-builder.ts";
import { LIMITS } from "./limits.ts";
import { LookUps } from "./look-ups.ts";
import { type Page, type Query, queryRows } from "./query.ts";
import { registerSchema, removeSchema, SCHEMA_RECORD_KIND, type SchemaRequest } from "./schemas.ts";
import { TableGone } from "./statement.ts";
import { Validators } from "./validators.ts";

export interface RetrievalOptions {
  db: Database;
  /** Where questions are asked: read-only and with a time limit, on a server. */
  reader: Database;
  clock: Clock;
  logger: Pick<Logger, "warn">;
}

/** The record on chain that anchors a version of a schema. */
export interface Anchor {
  record: Uint8Array;
  block: number;
  transaction: Uint8Array;
}

export interface DescribedVersion {
  digest: Uint8Array;
  document: string;
  registeredAt: number;
  anchor: Anchor | undefined;
}

export interface DescribedSchema {
  row: SchemaRow;
  anchor: Anchor | undefined;
  current: IndexRow<Field[]>;
  /** Undefined: questions are answered by the fields that were asked for last. */
  building: IndexRow<Field[]> | undefined;
}

/** Business data of partners (MW-1): each method works for one tenant and finds nothing of others. */
export class Retrieval {
  readonly #db: Database;
  readonly #reader: Database;
  readonly #lookUps: LookUps;
  readonly #clock: Clock;
  readonly #catalog: Catalog;
  readonly #validators = new Validators();
  readonly #builder: IndexBuilder;
  #exports = 0;

  constructor({ db, reader, clock, logger }: RetrievalOptions) {
    this.#db = db;
    this.#reader = reader;
    this.#lookUps = new LookUps(reader);
    this.#clock = clock;
    this.#catalog = new Catalog(db, clock);
    this.#builder = new IndexBuilder({ db, clock, logger, onChange: () => this.#catalog.forget() });
  }

  /** Makes indexes in the background. */
  start(): void {
    this.#builder.start();
  }

  /** Finishes the piece of work that is under way. */
  stop(): Promise<void> {
    return this.#builder.stop();
  }

  /** One piece of the background's work. @returns whether there was any */
  work(): Promise<boolean> {
    return this.#builder.step();
  }

  /** How many indexes are being made. */
  building(): Promise<number> {
    return countBuilding(this.#db);
  }

  /** @throws BropError `schema.invalid`, `request.invalid` */
  async register(tenant: string, request: SchemaRequest): Promise<{ schema: DescribedSchema; created: boolean }> {
    const { row, created } = await registerSchema(this.#db, tenant, request, this.#clock.now());
    this.#catalog.forget();
    this.#builder.nudge();
    return { schema: await this.#describe(tenant, row), created };
  }

  async schemas(tenant: string): Promise<DescribedSchema[]> {
    const rows = await listSchemas(this.#db, tenant);
    return Promise.all(rows.map((row) => this.#describe(tenant, row)));
  }

  /** @throws BropError `resource.not-found` */
  async schema(tenant: string, name: string): Promise<DescribedSchema> {
    return this.#describe(tenant, await this.#find(tenant, name));
  }

  /** Every version, newest first. @throws BropError `resource.not-found` */
  async versions(tenant: string, name: string): Promise<DescribedVersion[]> {
    const versions = await listVersions(this.#db, (await this.#find(tenant, name)).id);
    const anchors = await this.#anchors(
      tenant,
      versions.map(({ digest }) => digest),
    );
    return versions.map((version) => ({ ...version, anchor: anchors(version.digest) }));
  }

  /** @throws BropError `resource.not-found`, `request.invalid` when it has rows */
  async remove(tenant: string, name: string): Promise<DescribedSchema> {
    const row = await this.#find(tenant, name);
    const described = await this.#describe(tenant, row);
    await removeSchema(this.#db, row);
    this.#catalog.forget();
    return described;
  }

  /**
   * Stores rows.
   *
   * @param account whose records stand for rows that do not name an owner
   * @param digest what the document of each has to have, in hexadecimal digits
   * @throws BropError `resource.not-found`, `request.batch-too-large`
   */
  async put(
    tenant: string,
    account: string | null,
    name: string,
    rows: readonly GivenRow[],
    digest?: string,
  ): Promise<PutResult[]> {
    if (rows.length > LIMITS.rows) {
      throw new BropError("request.batch-too-large", { rows: rows.length, most: LIMITS.rows });
    }
    const schema = await this.#find(tenant, name);
    return putRows(this.#db, { validators: this.#validators, schema, account, digest, now: this.#clock.now() }, rows);
  }

  /**
   * Stores rows in the caller's transaction, which it has to take back when one is refused.
   *
   * @returns for each why it is refused, in particular `evidence.digest-mismatch`
   */
  async keep(
    tx: Database,
    tenant: string,
    name: string,
    rows: readonly { digest: string; owner: string; data: unknown }[],
  ): Promise<(BropError | undefined)[]> {
    const schema = await findSchema(tx, tenant, name);
    if (schema === undefined) return rows.map(() => new BropError("resource.not-found", { schema: name }));
    const options = { validators: this.#validators, schema, account: null, digest: undefined, now: this.#clock.now() };
    const faults: (BropError | undefined)[] = [];
    for (let start = 0; start < rows.length; start += LIMITS.rows) {
      const part = rows.slice(start, start + LIMITS.rows);
      const given = part.map(({ data, owner }) => ({ document: data, owner }));
      for (const [index, result] of (await putRows(tx, options, given)).entries()) {
        const expected = part[index]?.digest;
        if (result.state === "refused") faults.push(result.error);
        else if (result.digest === expected) faults.push(undefined);
        else faults.push(new BropError("evidence.digest-mismatch", { expected, actual: result.digest }));
      }
    }
    return faults;
  }

  /** @throws BropError `resource.not-found` */
  async row(tenant: string, name: string, digest: string): Promise<DataRow> {
    const row = await this.#asking(tenant, name, ({ schema }) => this.#lookUps.byDigest(schema, digest));
    if (row === undefined) throw new BropError("resource.not-found", { row: digest });
    return row;
  }

  /** @throws BropError `resource.not-found` */
  async delete(tenant: string, name: string, digest: string): Promise<void> {
    const there = await deleteRow(this.#db, await this.#find(tenant, name), digest);
    if (!there) throw new BropError("resource.not-found", { row: digest });
  }

  query(tenant: string, name: string, query: Query): Promise<Page> {
    return this.#asking(tenant, name, (source) => queryRows(this.#reader, this.#lookUps, source, query));
  }

  aggregate(tenant: string, name: string, query: AggregateQuery): Promise<{ items: Group[]; more: boolean }> {
    return this.#asking(tenant, name, (source) => aggregate(this.#reader, source, query));
  }

  /**
   * All rows, as fast as somebody takes them.
   *
   * @throws BropError `resource.not-found`, `query.field-unknown`, `request.rate-limited` when too many are under way
   */
  async export(tenant: string, name: string, query: ExportQuery) {
    const source = await this.#source(tenant, name);
    parseFilter(source.fields, query.where);
    if (this.#exports >= LIMITS.exports) throw new BropError("request.rate-limited", { exports: LIMITS.exports });
    return { source, rows: this.#counted(exportedRows(this.#reader, source, query)) };
  }

  async *#counted<Value>(values: AsyncGenerator<Value>): AsyncGenerator<Value> {
    this.#exports++;
    try {
      yield* values;
    } finally {
      this.#exports--;
    }
  }

  async #asking<Answer>(tenant: string, name: string, ask: (source: Source) => Promise<Answer>): Promise<Answer> {
    try {
      return await ask(await this.#source(tenant, name));
    } catch (error) {
      if (!(error instanceof TableGone)) throw error;
      this.#catalog.forget();
      return ask(await this.#source(tenant, name));
    }
  }

  async #source(tenant: string, name: string): Promise<Source> {
    const source = await this.#catalog.find(tenant, name);
    if (source === undefined) throw new BropError("resource.not-found", { schema: name });
    return source;
  }

  async #find(tenant: string, name: string): Promise<SchemaRow> {
    const row = await findSchema(this.#db, tenant, name);
    if (row === undefined) throw new BropError("resource.not-found", { schema: name });
    return row;
  }

  async #describe(tenant: string, row: SchemaRow): Promise<DescribedSchema> {
    const [indexes, anchors] = await Promise.all([
      findLiveIndexes<Field[]>(this.#db, row.id),
      this.#anchors(tenant, [row.digest]),
    ]);
    const current = indexes.find(({ state }) => state === "current") as IndexRow<Field[]>;
    const building = indexes.find(({ state }) => state === "building");
    return { row, current, building, anchor: anchors(row.digest) };
  }

  /** Only an account can have records. */
  async #anchors(tenant: string, digests: readonly Uint8Array[]): Promise<(digest: Uint8Array) => Anchor | undefined> {
    if (!isHexBytes(tenant, 20)) return () => undefined;
    const anchors = await findAnchors(this.#db, hexToBytes(tenant), digests, SCHEMA_RECORD_KIND);
    const byDigest = new Map(anchors.map(({ digest, id, ...anchor }) => [key(digest), { ...anchor, record: id }]));
    return (digest) => byDigest.get(key(digest));
  }
}

const key = (digest: Uint8Array) => Buffer.from(digest).toString("hex");

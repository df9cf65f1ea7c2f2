import type { Database } from "../store/database.ts";
import type { Source } from "./catalog.ts";
import { type DataRow, dataRow, ROW_COLUMNS, ROW_RECORD, type SelectedRow } from "./data-row.ts";
import type { Field } from "./field.ts";
import { fromText } from "./field-values.ts";
import { Gatherer } from "./gatherer.ts";
import { documentsTable, indexTable, typedColumn } from "./index-table.ts";
import { guarded } from "./statement.ts";

/** Asks for rows by one value that an index has: the most frequent questions, of which those that come at once share a statement. */
export class LookUps {
  readonly #db: Database;
  readonly #gatherer = new Gatherer<DataRow[]>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The row of a digest, given as `0x…`. */
  async byDigest(schema: number, digest: string): Promise<DataRow | undefined> {
    const [row] = await this.#gatherer.ask(`digest ${schema}`, digest.slice(2), (digests) =>
      this.#run(
        `select q.place, ${ROW_COLUMNS} from unnest($1::text[]) with ordinality as q(value, place)
         join ${documentsTable(schema)} d on d.digest = decode(q.value, 'hex') ${ROW_RECORD}`,
        digests,
      ),
    );
    return row;
  }

  /**
   * Rows whose field has a value, the newest first.
   *
   * @param value as `fromText` reads it
   * @param limit most rows
   */
  byValue(source: Source, column: number, value: string, limit: number): Promise<DataRow[]> {
    const { type } = source.fields[column] as Field;
    return this.#gatherer.ask(`value ${source.index} ${column} ${limit}`, value, (values) =>
      this.#run(
        `select q.place, ${ROW_COLUMNS} from unnest($1::text[]) with ordinality as q(value, place)
         cross join lateral (
           select i.id from ${indexTable(source.index)} i where i.${typedColumn(column)} = ${fromText(type, "q.value")}
           order by i.id desc limit ${limit}
         ) page
         join ${documentsTable(source.schema)} d on d.id = page.id
         ${ROW_RECORD} order by q.place, page.id desc`,
        values,
      ),
    );
  }

  async #run(statement: string, values: readonly string[]): Promise<DataRow[][]> {
    const selected = await guarded(() => this.#db.query<SelectedRow & { place: number }>(statement, [values]));
    const answers: DataRow[][] = values.map(() => []);
    for (const row of selected) answers[row.place - 1]?.push(dataRow(row));
    return answers;
  }
}

import { expect } from "chai";
import { insertRows, type Row } from "../../src/store/bulk.ts";
import type { Database } from "../../src/store/database.ts";
import type { Columns } from "../../src/store/tables.ts";
import { onEachDatabase } from "./databases.ts";

const COLUMNS = {
  number: "integer",
  digest: "bytes?",
  amount: "numeric?",
  flag: "boolean?",
  note: "text?",
  data: "json?",
  written: "jsonText?",
} as const satisfies Columns;

const TEXTS = [
  "",
  "\\N",
  "\\.",
  "\\",
  "a\tb",
  "line\nfeed\r\n",
  "\\x41",
  '"quoted" {1,2} NULL',
  "福建😀",
  "\u001d\u001e",
  "'; --",
];

describe("many rows", () => {
  onEachDatabase((database) => {
    beforeEach(async () => {
      await database().query(
        "drop table if exists scratch_rows; create table scratch_rows (number bigint primary key, digest bytea, amount numeric(78, 0), flag boolean, note text, data jsonb, written jsonb)",
      );
    });

    const read = (db: Database) =>
      db.query<Row>(
        "select number, encode(digest, 'hex') as digest, amount, flag, note, data, written::text as written from scratch_rows order by number",
        [],
      );

    // Few are written by a statement, many as a copy where the database can.
    for (const count of [20, 1_000]) {
      it(`are read back as they were, ${count} at a time, whatever they hold`, async () => {
        const rows = Array.from({ length: count }, (_, number): Row => {
          if (number % 7 === 3)
            return { number, digest: null, amount: null, flag: null, note: null, data: null, written: null };
          const note = TEXTS[number % TEXTS.length];
          return {
            ...{ number, digest: number.toString(16).padStart(64, "0"), amount: `${2n ** 256n - 1n - BigInt(number)}` },
            ...{ flag: number % 2 === 0, note, data: { note, list: [number, null, note], name: "\u0001" } },
            written: JSON.stringify(note),
          };
        });
        await database().transaction((tx) => insertRows(tx, "scratch_rows", COLUMNS, rows));
        expect(await read(database())).to.deep.equal(rows);
      });
    }

    it("are all taken back when one of them is refused, and the connection goes on", async () => {
      const row = (number: number) => ({
        number,
        digest: null,
        amount: null,
        flag: null,
        note: "x",
        data: null,
        written: null,
      });
      const rows = [...Array.from({ length: 600 }, (_, number) => row(number)), row(5)];
      const error = await database()
        .transaction(async (tx) => {
          await tx
            .transaction((inner) => insertRows(inner, "scratch_rows", COLUMNS, rows))
            .catch((thrown: unknown) => {
              expect(thrown).to.have.property("code", "23505");
            });
          expect(await read(tx)).to.deep.equal([]);
          await insertRows(tx, "scratch_rows", COLUMNS, rows);
        })
        .catch((thrown: unknown) => thrown);
      expect(error).to.be.an("error").with.property("code", "23505");
      expect(await read(database())).to.deep.equal([]);
    });
  });
});

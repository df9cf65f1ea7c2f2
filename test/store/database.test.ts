import { expect } from "chai";
import type { Database } from "../../src/store/database.ts";
import { onEachDatabase } from "./databases.ts";

describe("database", () => {
  onEachDatabase((database) => {
    beforeEach(async () => {
      await database().query("drop table if exists scratch; create table scratch (id bigint primary key, note text)");
    });

    it("gives int8 as number, numeric as text, bytea as bytes and jsonb parsed", async () => {
      const [row] = await database().query(
        "select 8000000000::int8 as count, 12345678901234567890123::numeric(78, 0) as amount, $1::bytea as digest, $2::jsonb as calls, null::bytea as nothing",
        [new Uint8Array([0, 255]), { target: "0x1" }],
      );
      expect(row).to.deep.equal({
        count: 8_000_000_000,
        amount: "12345678901234567890123",
        digest: new Uint8Array([0, 255]),
        calls: { target: "0x1" },
        nothing: null,
      });
    });

    it("takes arrays with null in them", async () => {
      const rows = await database().query(
        "select * from unnest($1::int8[], $2::text[], $3::bool[]) as given(a, b, c)",
        [
          [1, null],
          [null, 'comma, "quote" \\ {brace} NULL'],
          [true, null],
        ],
      );
      expect(rows).to.deep.equal([
        { a: 1, b: null, c: true },
        { a: null, b: 'comma, "quote" \\ {brace} NULL', c: null },
      ]);
    });

    it("runs several statements without parameters and gives the last one's rows", async () => {
      expect(await database().query("select 1 as a; select 2 as b")).to.deep.equal([{ b: 2 }]);
    });

    it("commits a transaction whose work resolves, with its result", async () => {
      const result = await database().transaction(async (tx) => {
        await insert(tx, 1);
        return "done";
      });
      expect(result).to.equal("done");
      expect(await ids(database())).to.deep.equal([1]);
    });

    it("leaves nothing of a transaction whose work throws, and throws the same", async () => {
      const fault = new Error("no");
      const thrown = await database()
        .transaction(async (tx) => {
          await insert(tx, 1);
          throw fault;
        })
        .catch((error: unknown) => error);
      expect(thrown).to.equal(fault);
      expect(await ids(database())).to.deep.equal([]);
    });

    it("is usable after a statement failed in a transaction", async () => {
      const failed = database().transaction(async (tx) => {
        await insert(tx, 1);
        await insert(tx, 1);
      });
      expect(await failed.catch(() => "failed")).to.equal("failed");
      await insert(database(), 2);
      expect(await ids(database())).to.deep.equal([2]);
    });

    it("undoes only the inner of two nested transactions when the inner one fails", async () => {
      await database().transaction(async (tx) => {
        await insert(tx, 1);
        const inner = tx.transaction(async (nested) => {
          await insert(nested, 2);
          throw new Error("no");
        });
        expect(await inner.catch(() => "failed")).to.equal("failed");
        await tx.transaction((nested) => insert(nested, 3));
      });
      expect(await ids(database())).to.deep.equal([1, 3]);
    });
  });
});

async function insert(db: Database, id: number): Promise<void> {
  await db.query("insert into scratch (id) values ($1)", [id]);
}

async function ids(db: Database): Promise<number[]> {
  return (await db.query<{ id: number }>("select id from scratch order by id", [])).map(({ id }) => id);
}

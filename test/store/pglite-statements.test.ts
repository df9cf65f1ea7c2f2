import { PGlite } from "@electric-sql/pglite";
import { expect } from "chai";
import { openPglite } from "../../src/store/pglite.ts";
import { PgliteStatements } from "../../src/store/pglite-statements.ts";

describe("statements on the embedded database", () => {
  let engine: PGlite;
  let statements: PgliteStatements;

  before(async () => {
    engine = await PGlite.create();
    await engine.exec("create table things (id bigint primary key, name text, made timestamptz)");
    statements = new PgliteStatements(engine);
  });

  after(() => engine.close());

  const run = (text: string, ...params: unknown[]) => statements.run(text, params, false);

  it("hold values of every kind that the engine's own query takes", async () => {
    const text = `select $1::bigint as whole, $2::float8 as number, $3::bool as flag, $4::timestamptz as moment,
      $5::jsonb as json, $6::text[] as list, $7::bytea as bytes, $8::numeric as amount, $9::text as nothing`;
    const moment = new Date("2030-01-02T03:04:05.678Z");
    const values = [7, 0.1, true, moment, { a: [1] }, ['q"', null, "\\"], new Uint8Array([0, 255]), "1e3", null];
    const [own] = (await engine.query(text, values)).rows;
    expect(await run(text, ...values)).to.deep.equal([own]);
  });

  it("refuse what the server refuses with its code, and the connection goes on", async () => {
    await run("insert into things (id, name) values ($1, $2)", 1, "one");
    for (const [text, params, code] of [
      ["insert into things (id) values ($1)", [1], "23505"],
      ["select * from nothing_like_this where id = $1", [1], "42P01"],
      ["select $1::bigint", ["no number"], "22P02"],
      ["select $1::bigint", [], "08P01"],
    ] as const) {
      const error = await statements.run(text, params, false).catch((thrown: unknown) => thrown);
      expect(error, text).to.be.an("error").with.property("code", code);
      expect(await run("select name from things where id = $1", 1)).to.deep.equal([{ name: "one" }]);
    }
  });

  it("find rows by a column that was given another type since the statement came first", async () => {
    await engine.exec("create table changing (value integer); insert into changing values (5)");
    expect(await run("select value from changing where value = $1", 5)).to.deep.equal([{ value: 5 }]);
    await engine.exec("alter table changing alter column value type text");
    expect(await run("select value from changing where value = $1", "5")).to.deep.equal([{ value: "5" }]);
  });

  it("give no rows for what returns none", async () => {
    expect(await run("update things set name = $1 where id = $2", "other", 99)).to.deep.equal([]);
  });

  it("are refused on a transaction that has ended", async () => {
    const db = await openPglite();
    try {
      const kept = await db.transaction(async (tx) => tx);
      const error = await kept.query("select $1::text", ["late"]).catch((thrown: unknown) => thrown);
      expect(error).to.be.an("error").with.property("message", "the transaction has ended");
      expect(await db.query("select $1::text as text", ["after"])).to.deep.equal([{ text: "after" }]);
    } finally {
      await db.close();
    }
  });
});

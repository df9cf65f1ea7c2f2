import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import { type Migration, migrate, readMigrations } from "../../src/store/migrate.ts";
import { onEachDatabase, tableNames } from "./databases.ts";

const first: Migration = { number: 9001, name: "9001_first", checksum: "a", text: "create table first_table (id int)" };
const second: Migration = {
  number: 9002,
  name: "9002_second",
  checksum: "b",
  text: "create table second_table (id int)",
};
const known = readMigrations();

const DROP = "delete from schema_migrations where number > 9000; drop table if exists first_table, second_table";

describe("migrate", () => {
  onEachDatabase((database) => {
    beforeEach(async () => {
      await database().query(DROP);
    });
    it("does nothing on a database that is up to date", async () => {
      const before = await database().query("select * from schema_migrations order by number", []);
      await migrate(database());
      expect(await database().query("select * from schema_migrations order by number", [])).to.deep.equal(before);
      expect(before).to.have.lengthOf(known.length);
    });

    it("applies what is missing, in order", async () => {
      await migrate(database(), [...known, first]);
      await migrate(database(), [...known, first, second]);
      expect(await tableNames(database())).to.include.members(["first_table", "second_table"]);
    });

    it("keeps what was applied before a migration that fails, and nothing of that one", async () => {
      const failing = { ...second, text: "create table second_table (id int); select no_such_column" };
      expect(await migrate(database(), [...known, first, failing]).catch(() => "failed")).to.equal("failed");
      expect(await tableNames(database()))
        .to.include("first_table")
        .and.not.include("second_table");
      await migrate(database(), [...known, first, second]);
      expect(await tableNames(database())).to.include("second_table");
    });

    it("lets two processes migrate at the same time", async () => {
      await Promise.all([migrate(database(), [...known, first]), migrate(database(), [...known, first])]);
      expect(await tableNames(database())).to.include("first_table");
    });

    it("refuses a database that was made by a newer version", async () => {
      await migrate(database(), [...known, first]);
      const error = await migrate(database()).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(BropError);
      expect((error as BropError).code).to.equal("data.newer");
      expect((error as BropError).details).to.deep.equal({ migration: "9001_first" });
    });

    it("refuses an applied migration that was changed", async () => {
      await migrate(database(), [...known, first]);
      const changed = migrate(database(), [...known, { ...first, checksum: "changed" }]);
      const error = await changed.catch((thrown: unknown) => thrown);
      expect((error as BropError).code).to.equal("data.damaged");
      expect((error as BropError).message).to.include("9001_first");
    });
  });

  describe("reading the files", () => {
    let directory: string;
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), "brop-migrations-"));
    });
    afterEach(() => rmSync(directory, { recursive: true }));
    const read = () => readMigrations(pathToFileURL(`${directory}/`));

    it("gives them in the order of their numbers, whatever their line ends", () => {
      writeFileSync(join(directory, "0002_b.sql"), "select 2;\r\n");
      writeFileSync(join(directory, "0001_a.sql"), "select 1;\n");
      const migrations = read();
      expect(migrations.map(({ number, name }) => [number, name])).to.deep.equal([
        [1, "0001_a"],
        [2, "0002_b"],
      ]);
      writeFileSync(join(directory, "0002_b.sql"), "select 2;\n");
      expect(read()).to.deep.equal(migrations);
    });

    it("refuses two of one number and a name that is no NNNN_name.sql", () => {
      writeFileSync(join(directory, "0001_a.sql"), "");
      writeFileSync(join(directory, "0001_b.sql"), "");
      expect(read).to.throw("0001_b: its number is taken");
      writeFileSync(join(directory, "first.sql"), "");
      expect(read).to.throw("first.sql: a migration is named NNNN_name.sql");
    });
  });
});

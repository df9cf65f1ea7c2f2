import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Database } from "../../src/store/database.ts";
import { ensureViews, VIEWS } from "../../src/store/views/create-views.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { shellCommands } from "./support/shell-blocks.ts";

const FOLDER = fileURLToPath(new URL("../../docs/operations", import.meta.url));

describe("questions to the database in docs/operations", function () {
  this.timeout(60_000);
  let db: Database;
  before(async () => {
    db = await openMigrated();
    await ensureViews(db);
  });
  after(() => db.close());

  it("are answered by the views", async () => {
    const questions = readdirSync(FOLDER).flatMap((name) =>
      shellCommands(readFileSync(join(FOLDER, name), "utf8")).flatMap(({ words }) => {
        const at = words.indexOf("sql");
        return words[1] === "brop" && at > 0 ? [words[at + 1] as string] : [];
      }),
    );
    expect(questions).to.have.length.greaterThan(1);
    for (const question of questions) {
      await db.transaction(async (tx) => {
        await tx.query(`set local search_path = ${VIEWS}`, []);
        expect(await tx.query(question, []), question).to.be.an("array");
      });
    }
  });
});

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { checkApiKey } from "../../src/api/access/api-key.ts";
import { makeFirstApiKey } from "../../src/platform/first-api-key.ts";
import { onEachDatabase } from "../store/databases.ts";

describe("the operator's first API key", () => {
  onEachDatabase((database) => {
    const folder = mkdtempSync(join(tmpdir(), "brop-first-key-"));
    const path = join(folder, "key");
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("is made once, for everything that an operator may, and only its owner can read it", async () => {
      expect(await makeFirstApiKey(database(), path)).to.equal(true);
      const text = readFileSync(path, "utf8");
      expect(await checkApiKey(database(), text.trim(), Date.now())).to.include({ role: "operator" });
      expect(statSync(path).mode & 0o777).to.equal(0o600);
      expect(await makeFirstApiKey(database(), path)).to.equal(false);
      expect(readFileSync(path, "utf8")).to.equal(text);
    });

    it("is not made when it can not be written down", async () => {
      await makeFirstApiKey(database(), join(folder, "nowhere", "key")).catch(() => undefined);
      expect(await database().query("select 1 from api_keys", [])).to.deep.equal([]);
    });
  });
});

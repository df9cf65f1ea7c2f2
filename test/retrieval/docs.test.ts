import { readFileSync } from "node:fs";
import { expect } from "chai";
import { LIMITS } from "../../src/retrieval/limits.ts";
import { SCHEMA_RECORD_KIND } from "../../src/retrieval/schemas.ts";
import { onEachDatabase } from "../store/databases.ts";
import { startDataServer } from "./support/data-server.ts";
import { TENANT } from "./support/tea.ts";

const page = readFileSync(new URL("../../docs/retrieval.md", import.meta.url), "utf8");

/** The requests that the page shows, in order: method, path, body. */
const examples = [...page.matchAll(/```http\n(\w+) (\S+)\n([\s\S]*?)```/g)].map(([, method, path, body]) => ({
  ...{ method: method as "POST", path: path as string, body: JSON.parse(body as string) },
}));

describe("docs/retrieval.md", () => {
  onEachDatabase((database) => {
    it("shows requests that work one after another, and find the row", async () => {
      const data = await startDataServer(database());
      const key = await data.key(TENANT);
      const answers = [];
      for (const { method, path, body } of examples) {
        const answer = await data.ask(method, path, key, body);
        expect(answer.status, `${method} ${path}: ${answer.text}`).to.equal(200);
        answers.push(answer.body);
      }
      expect(examples.map(({ path }) => path)).to.deep.equal([
        "/v1/schemas",
        "/v1/data/tea",
        "/v1/data/tea/query",
        "/v1/data/tea/aggregate",
      ]);
      const [schema, stored, found, sums] = answers;
      expect(schema.kind).to.equal(SCHEMA_RECORD_KIND);
      expect(stored.items[0].state).to.equal("stored");
      expect(found.items[0].document).to.deep.equal(examples[1]?.body.rows[0].document);
      expect(sums.items).to.deep.equal([{ group: "2030-04-02", values: [1, "88.50", 12.5] }]);
      await data.server.close();
    });
  });

  it("names the limits and the kind as they are", () => {
    const words = page.replaceAll(",", "");
    expect(words).to.include(`\`kind\` ${SCHEMA_RECORD_KIND}`);
    expect(words).to.include(`| ${LIMITS.schemas} ${LIMITS.versions} ${LIMITS.fields} |`);
    expect(words).to.include(`| ${LIMITS.rows} ${LIMITS.requestBytes / 1_048_576} MiB |`);
    expect(words).to.include(`| ${LIMITS.conditions} ${LIMITS.set} ${LIMITS.queryBytes / 1_024} KiB |`);
    expect(words).to.include(`| ${LIMITS.page} ${LIMITS.groups} |`);
    expect(words).to.include(`in one process | ${LIMITS.exports} |`);
    expect([LIMITS.documentBytes, LIMITS.schemaBytes]).to.deep.equal([65_536, 65_536]);
  });
});

import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { csvLine, plainText } from "../../src/retrieval/csv.ts";
import { onEachDatabase } from "../store/databases.ts";
import { type DataServer, startDataServer } from "./support/data-server.ts";
import { TEA_FIELDS, TEA_SCHEMA, TENANT } from "./support/tea.ts";

describe("CSV", () => {
  it("is quoted as RFC 4180 wants it, and tells empty text from no value", () => {
    expect(csvLine(['a"b', "c,d", "e\r\nf", "", null, "茶"])).to.equal('"a""b","c,d","e\r\nf","",,茶\r\n');
  });

  it("holds no text that a spreadsheet would compute", () => {
    for (const text of [
      "=1+1",
      "+1",
      "-1",
      "@SUM(A1)",
      " =1",
      "\t=1",
      "\r=1",
      "＝1",
      "＠x",
      "\ufeff=1",
      "|cmd",
      "%0a",
    ]) {
      expect(plainText(text), JSON.stringify(text)).to.equal(`'${text}`);
    }
    for (const text of ["a=1", "1-2", "茶", "", "'=1"]) expect(plainText(text)).to.equal(text);
  });
});

describe("exports of business data", () => {
  onEachDatabase((database) => {
    let data: DataServer;
    let key: string;
    beforeEach(async () => {
      data = await startDataServer(database());
      key = await data.key(TENANT);
      await data.ask("POST", "/v1/schemas", key, { name: "tea", schema: TEA_SCHEMA, fields: TEA_FIELDS });
    });
    afterEach(() => data.server.close());

    const add = (documents: object[]) =>
      data.retrieval.put(
        TENANT,
        TENANT,
        "tea",
        documents.map((document) => ({ document })),
      );

    it("are a table of the fields and the record, with values that are none left empty", async () => {
      const moment = "2026-01-01T08:00:00.5+08:00";
      await add([
        { batch: "=1+1", name: 'a "b"', weight: -1.5, organic: true, dried: moment },
        { batch: "-2", price: "-3.50" },
      ]);
      const { text, headers } = await data.ask("GET", "/v1/data/tea/export", key);
      expect(headers["content-type"]).to.equal("text/csv; charset=utf-8; header=present");
      const [head, first, second, end] = text.split("\r\n");
      expect(head).to.equal(
        `${Object.keys(TEA_FIELDS).join(",")},digest,owner,state,record,block,transaction,recorded_at,status`,
      );
      expect(first).to.match(
        /^'=1\+1,"a ""b""",,-1.5,,,true,,2026-01-01T00:00:00.500000Z,0x\w{64},0x1{40},unrecorded,,,,,$/,
      );
      expect(second).to.match(/^'-2,,,,,-3.50,,,,0x/);
      expect(end).to.equal("");
    });

    it("have every row once, those of the moment in which they began, whatever is added meanwhile", async () => {
      await add(Array.from({ length: 900 }, (_, index) => ({ batch: `b${index}`, bags: index % 3 })));
      const { rows } = await data.retrieval.export(TENANT, "tea", { where: { bags: 1 } });
      const seen: string[] = [];
      for await (const page of rows) {
        seen.push(...page.map(({ document }) => JSON.parse(document).batch));
        await add([{ batch: `late ${seen.length}`, bags: 1 }]);
      }
      expect(seen).to.deep.equal(Array.from({ length: 300 }, (_, index) => `b${index * 3 + 1}`));
      const lines = (await data.ask("GET", '/v1/data/tea/export?format=ndjson&where={"bags":2}', key)).text.split("\n");
      expect(lines.pop()).to.equal("");
      expect(lines.map((line) => JSON.parse(line).document.bags)).to.deep.equal(Array(300).fill(2));
    });

    it("are not begun for a HEAD request, nor for conditions that make no sense", async () => {
      expect((await data.ask("HEAD", "/v1/data/tea/export", key)).status).to.equal(405);
      expect((await data.ask("GET", '/v1/data/tea/export?where={"none":1}', key)).status).to.equal(400);
      expect((await data.ask("GET", "/v1/data/tea/export?format=xml", key)).status).to.equal(400);
    });

    it("wait for a slow reader without a statement, and end with it", async () => {
      const salt = "s".repeat(60_000);
      for (let batch = 0; batch < 20; batch++) {
        await add(Array.from({ length: 50 }, (_, index) => ({ batch: `${batch}.${index}`, salt })));
      }
      let statements = 0;
      const reader = {
        ...database(),
        query: async (text: string, params?: unknown[]) => {
          statements++;
          return database().query(text, params);
        },
      } as ReturnType<typeof database>;
      const slow = await startDataServer(database(), reader);
      await slow.server.listen({ port: 0, host: "127.0.0.1" });
      const { port } = slow.server.server.address() as AddressInfo;
      const headers = { authorization: `Bearer ${key}` };
      const response = await new Promise<import("node:http").IncomingMessage>((resolve) => {
        get({ port, host: "127.0.0.1", path: "/v1/data/tea/export?format=ndjson", headers }, resolve);
      });
      response.pause();
      await settled(() => statements);
      // The last row, and the pages that fit into the buffers on the way: not the five that there are.
      const waiting = statements;
      expect(waiting).to.be.within(2, 5);
      response.destroy();
      await settled(() => statements);
      expect(statements).to.equal(waiting);
      await slow.server.close();
    });
  });
});

/** Waits until a number does not change any more. */
async function settled(read: () => number): Promise<void> {
  for (let last = -1, quiet = 0; quiet < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    quiet = read() === last && last > 0 ? quiet + 1 : 0;
    last = read();
  }
}

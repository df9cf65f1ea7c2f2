import { expect } from "chai";
import { onEachDatabase } from "../store/databases.ts";
import { type DataServer, startDataServer } from "./support/data-server.ts";
import { TEA_FIELDS, TEA_SCHEMA, TENANT } from "./support/tea.ts";

const TEA = { name: "tea", schema: TEA_SCHEMA, fields: TEA_FIELDS };
const INJECTION = `'); drop table data_schemas; --`;

describe("business data and what attackers send", () => {
  onEachDatabase((database) => {
    let data: DataServer;
    let key: string;
    beforeEach(async () => {
      data = await startDataServer(database());
      key = await data.key(TENANT);
      expect((await data.ask("POST", "/v1/schemas", key, TEA)).status).to.equal(200);
      const rows = [{ document: { batch: "a", name: "铁观音" } }, { document: { batch: "b", name: INJECTION } }];
      expect((await data.ask("POST", "/v1/data/tea", key, { rows })).status).to.equal(200);
    });
    afterEach(async () => {
      // Whatever was sent, all is there and answers.
      const { body } = await data.ask("GET", "/v1/data/tea", key);
      expect(body.items).to.have.lengthOf(2);
      await data.server.close();
    });

    const query = (body: object | string) => data.ask("POST", "/v1/data/tea/query", key, body);

    it("bodies that a parser would change or trip over are refused before they are looked at", async () => {
      const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
      const document = (text: string) => `{"rows":[{"document":${text}}]}`;
      const bodies: [string, number, string][] = [
        ["{", 400, "request.malformed"],
        ["", 400, "request."],
        [document('{"batch":"a","batch":"b"}'), 422, "canonical.invalid"],
        [document('{"batch":"a","weight":9007199254740993}'), 422, "canonical.invalid"],
        [document('{"batch":"a","weight":1e400}'), 422, "canonical.invalid"],
        [document('{"batch":"\\ud800"}'), 422, "canonical.invalid"],
        [document(deep), 400, "request.invalid"],
        [document(`{"batch":"a","salt":${deep}}`), 400, "request.invalid"],
        [document(`{"batch":"${"x".repeat(10_000_000)}"}`), 413, "request.too-large"],
        [`{"rows":[${'{"document":{}},'.repeat(1_000)}{"document":{}}]}`, 400, "request.invalid"],
        [`{"rows":[]}`, 400, "request.invalid"],
        [`{"rows":[{"document":{},"tenant":"0x"}]}`, 400, "request.invalid"],
        [`{"rows":[{"document":{"batch":"x"},"__proto__":{"owner":"0x"}}]}`, 400, "request.invalid"],
      ];
      for (const [body, status, code] of bodies) {
        const answer = await data.ask("POST", "/v1/data/tea", key, body);
        expect(answer.status, `${body.slice(0, 60)}: ${answer.text.slice(0, 300)}`).to.equal(status);
        expect(answer.body.code).to.include(code);
      }
    });

    it("rows with what databases do not hold are refused with their place", async () => {
      const documents: [string, string][] = [
        ['{"batch":"a\\u0000b"}', "/batch"],
        ['{"batch":"x","origin":{"a\\u0000":1}}', "/origin"],
        ['{"batch":"x","origin":{"__proto__":{"polluted":1}}}', "/origin/__proto__"],
        [`{"batch":"x","origin":{"x":${"[".repeat(31)}${"]".repeat(31)}}}`, "document"],
      ];
      for (const [text, field] of documents) {
        const { body, text: answer } = await data.ask("POST", "/v1/data/tea", key, `{"rows":[{"document":${text}}]}`);
        expect(body.items?.[0], `${text}: ${answer.slice(0, 200)}`).to.include({ state: "refused" });
        expect(body.items[0].problem, text).to.include({ code: "request.invalid", field });
      }
      expect(({} as { polluted?: number }).polluted).to.equal(undefined);
    });

    it("names of schemas and fields reach SQL only when they are names", async () => {
      for (const name of [
        INJECTION,
        'a"b',
        "a b",
        "",
        "Tea",
        "9a",
        "a\0",
        "__proto__",
        "x".repeat(61),
        "茶".repeat(21),
      ]) {
        const answer = await data.ask("POST", "/v1/schemas", key, { ...TEA, name });
        expect(answer.body, JSON.stringify(name)).to.include({ status: 400, code: "request.invalid" });
      }
      for (const name of [INJECTION, 'a"b', "a b", "document", "digest", "_x", "x".repeat(61), "a;b"]) {
        const answer = await data.ask("POST", "/v1/schemas", key, { ...TEA, fields: { [name]: { path: "/batch" } } });
        expect(answer.body, name).to.include({ status: 422, code: "schema.invalid", field: name });
      }
      const own = '{"name":"own","schema":{},"fields":{"__proto__":{"type":"text"}}}';
      expect((await data.ask("POST", "/v1/schemas", key, own)).body.status).to.be.within(400, 422);
      const fields: [object, string][] = [
        [{ a: { path: "batch" } }, "its path is no JSON Pointer, as /batch/origin"],
        [{ a: { path: "/origin/farm/acre" } }, "the schema does not tell its type: give it"],
        [{ a: { path: "/origin" } }, "only single values can be indexed"],
        [{ a: { path: "/weight", type: "text" } }, "the schema has another type there"],
        [{ a: { path: "/weight", search: true } }, "only text can be searched"],
        [{ a: { path: "/batch" }, A: { path: "/batch" } }, "differs from another field in letter case only"],
      ];
      for (const [given, reason] of fields) {
        const { body } = await data.ask("POST", "/v1/schemas", key, { ...TEA, fields: given });
        expect(body, JSON.stringify(given)).to.include({ code: "schema.invalid", reason });
      }
      const chinese = { ...TEA, name: "茶叶", fields: { 批次: { path: "/batch" }, select: { path: "/name" } } };
      expect((await data.ask("POST", "/v1/schemas", key, chinese)).status).to.equal(200);
      await data.ask("POST", "/v1/data/茶叶", key, { rows: [{ document: { batch: "一" } }] });
      const { items } = (await data.ask("POST", "/v1/data/茶叶/query", key, { where: { 批次: "一" }, sort: "select" }))
        .body;
      expect(items).to.have.lengthOf(1);
    });

    it("values are values: what looks like SQL is compared as text", async () => {
      for (const where of [{ name: INJECTION }, { name: { search: INJECTION } }, { name: { prefix: "')" } }]) {
        expect((await query({ where })).body.items, JSON.stringify(where)).to.have.lengthOf(1);
      }
      for (const name of ["%", "_", "\\", "' or 1=1 --", "$1", "$$"]) {
        expect((await query({ where: { name } })).body.items).to.have.lengthOf(0);
      }
    });

    it("questions about what is not there are refused with what is", async () => {
      const fields = Object.keys(TEA_FIELDS);
      for (const name of ["salt", "c0", "id", INJECTION, "constructor", "toString", "$tenant"]) {
        for (const asked of [{ where: { [name]: 1 } }, { sort: name }]) {
          expect((await query(asked)).body, JSON.stringify(asked)).to.deep.include({
            code: "query.field-unknown",
            fields,
          });
        }
        const measures = [{ function: "sum", field: name }];
        const { body } = await data.ask("POST", "/v1/data/tea/aggregate", key, { measures });
        expect(body.code).to.equal("query.field-unknown");
      }
      expect((await query('{"where":{"__proto__":1}}')).body.code).to.equal("query.field-unknown");
    });

    it("conditions that make no sense are refused", async () => {
      const refused: unknown[] = [
        ...[
          "text",
          1,
          [],
          { batch: {} },
          { batch: { like: "a" } },
          { batch: { in: "a" } },
          { batch: 1 },
          { batch: ["a"] },
        ],
        ...[{ weight: "1" }, { weight: { gt: null } }, { bags: 1.5 }, { organic: { gt: true } }, { organic: "true" }],
        ...[{ picked: "today" }, { dried: "2026-01-01" }, { price: 1 }, { price: "1e5" }, { batch: { search: "abc" } }],
        ...[
          { name: { search: "ab" } },
          { name: { search: "" } },
          { weight: { prefix: "1" } },
          { batch: { null: "yes" } },
        ],
        ...[
          { batch: { in: Array.from({ length: 501 }, String) } },
          { $owner: "0x12" },
          { $state: "lost" },
          { batch: "a\0" },
        ],
        { batch: { eq: { gt: "a" } } },
      ];
      for (const where of refused) {
        const { status, body } = await query({ where });
        expect(status, JSON.stringify(where).slice(0, 80)).to.equal(400);
        expect(body.code).to.equal("request.invalid");
      }
      const many = Object.fromEntries(["gt", "gte", "lt", "lte", "eq"].map((operator) => [operator, "a"]));
      const where = { batch: many, name: many, province: many, price: { gt: "1" }, $state: "recorded" };
      expect((await query({ where: { ...where, weight: { gt: 1, gte: 1, lt: 1, lte: 1 } } })).body.most).to.equal(20);
      expect((await query({ where: { batch: { in: [`${"x".repeat(70_000)}`] } } })).status).to.be.oneOf([400, 413]);
      for (const limit of [0, 201, -1, 1.5]) expect((await query({ limit })).status, String(limit)).to.equal(400);
      for (const path of ["where={", "where=[]", "limit=many", "colour=red", `where=${"x".repeat(9_000)}`]) {
        expect((await data.ask("GET", `/v1/data/tea?${path}`, key)).status, path.slice(0, 20)).to.equal(400);
      }
    });

    it("cursors that were made up, or are of another question, are refused", async () => {
      const { next } = (await query({ sort: "name", limit: 1 })).body;
      expect((await query({ sort: "name", limit: 1, cursor: next })).body.items).to.have.lengthOf(1);
      const [mark] = JSON.parse(Buffer.from(next, "base64url").toString());
      const made = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString("base64url");
      const bad = [
        ...["", "x", "%%%", made(), made(mark), made(mark, "a", "1"), made(mark, 1, 1), made(mark, "a", 1.5)],
        ...[made(mark, "a\0", 1), made(mark, "\ud800", 1), made(mark, "x".repeat(3_000), 1), made("other", "a", 1)],
        ...[made(mark, { a: 1 }, 1), made(mark, "a", 1, 2), Buffer.from("{}").toString("base64url")],
      ];
      for (const cursor of bad) {
        expect((await query({ sort: "name", limit: 1, cursor })).body, cursor).to.include({
          status: 400,
          field: "cursor",
        });
      }
      for (const other of [{ sort: "-name" }, { sort: "batch" }, {}, { sort: "name", where: { batch: "a" } }]) {
        expect((await query({ limit: 1, ...other, cursor: next })).body.field).to.equal("cursor");
      }
    });

    it("sums that make no sense are refused", async () => {
      const refused: object[] = [
        ...[
          {},
          { measures: [] },
          { measures: [{ function: "sum" }] },
          { measures: [{ function: "sum", field: "batch" }] },
        ],
        ...[
          { measures: [{ function: "max", field: "organic" }] },
          { measures: [{ function: "median", field: "weight" }] },
        ],
        { measures: Array.from({ length: 11 }, () => ({ function: "count" })) },
        { measures: [{ function: "count" }], groupBy: { field: "batch", unit: "day" } },
        { measures: [{ function: "count" }], groupBy: { field: "dried", unit: "day", offset: "+99:00" } },
        { measures: [{ function: "count" }], groupBy: { field: "dried", offset: "+08:00" } },
        { measures: [{ function: "count" }], limit: 1_001 },
      ];
      for (const body of refused) {
        const answer = await data.ask("POST", "/v1/data/tea/aggregate", key, body);
        expect(answer.body, JSON.stringify(body)).to.include({ status: 400, code: "request.invalid" });
      }
    });
  });
});

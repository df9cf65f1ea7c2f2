import { createHash } from "node:crypto";
import { expect } from "chai";
import { canonicalize } from "../../src/core/canonical-json.ts";
import { SCHEMA_RECORD_KIND } from "../../src/retrieval/schemas.ts";
import { onEachDatabase } from "../store/databases.ts";
import { type DataServer, startDataServer } from "./support/data-server.ts";
import { recordOnChain, revokeOnChain } from "./support/records.ts";
import { OTHER, TEA_FIELDS, TEA_SCHEMA, TENANT } from "./support/tea.ts";

const sha256 = (value: unknown) => `0x${createHash("sha256").update(canonicalize(value)).digest("hex")}`;
const TEA = { name: "tea", schema: TEA_SCHEMA, fields: TEA_FIELDS };

describe("business data over the interface", () => {
  onEachDatabase((database) => {
    let data: DataServer;
    let key: string;
    let other: string;
    beforeEach(async () => {
      data = await startDataServer(database());
      key = await data.key(TENANT);
      other = await data.key(OTHER);
      expect((await data.ask("POST", "/v1/schemas", key, TEA)).status).to.equal(200);
    });
    afterEach(() => data.server.close());

    const add = async (...documents: object[]) => {
      const rows = documents.map((document) => ({ document }));
      const { status, body } = await data.ask("POST", "/v1/data/tea", key, { rows });
      expect(status, JSON.stringify(body)).to.equal(200);
      return body.items;
    };
    const find = async (where: object, more: object = {}) =>
      (await data.ask("POST", "/v1/data/tea/query", key, { where, ...more })).body;

    describe("schemas", () => {
      it("are declared until their account has a record of their digest and kind on chain", async () => {
        const digest = sha256(TEA_SCHEMA);
        const declared = (await data.ask("GET", "/v1/schemas/tea", key)).body;
        expect(declared).to.deep.include({ digest, state: "declared", record: null, kind: SCHEMA_RECORD_KIND });
        await recordOnChain(database(), { owner: TENANT, digest, block: 4 });
        await recordOnChain(database(), { owner: OTHER, digest, block: 5, kind: SCHEMA_RECORD_KIND });
        expect((await data.ask("GET", "/v1/schemas/tea", key)).body.state).to.equal("declared");
        const record = await recordOnChain(database(), { owner: TENANT, digest, block: 6, kind: SCHEMA_RECORD_KIND });
        const anchored = (await data.ask("GET", "/v1/schemas/tea", key)).body;
        expect(anchored).to.deep.include({ state: "anchored", record, blockNumber: 6 });
        expect((await data.ask("GET", "/v1/schemas/tea/versions", key)).body.items).to.have.lengthOf(1);
      });

      it("keep their versions, and rows tell by which they were checked", async () => {
        await add({ batch: "a" });
        const wider = { ...TEA_SCHEMA, additionalProperties: true };
        await data.ask("POST", "/v1/schemas", key, { ...TEA, schema: wider });
        await add({ batch: "b", more: 1 });
        const versions = (await find({}, { sort: "batch" })).items.map((item: { version: string }) => item.version);
        expect(versions).to.deep.equal([sha256(TEA_SCHEMA), sha256(wider)]);
        const { items } = (await data.ask("GET", "/v1/schemas/tea/versions", key)).body;
        expect(items.map((item: { digest: string }) => item.digest)).to.have.members(versions);
      });

      it("end only without rows", async () => {
        const [{ digest }] = await add({ batch: "a" });
        expect((await data.ask("DELETE", "/v1/schemas/tea", key)).status).to.equal(400);
        expect((await data.ask("DELETE", `/v1/data/tea/${digest}`, key)).status).to.equal(200);
        expect((await data.ask("DELETE", "/v1/schemas/tea", key)).status).to.equal(200);
        expect((await data.ask("GET", "/v1/data/tea", key)).status).to.equal(404);
        expect((await data.ask("POST", "/v1/schemas", key, TEA)).status).to.equal(200);
        expect((await find({})).items).to.deep.equal([]);
      });
    });

    describe("rows", () => {
      it("carry their record on chain as soon as their owner has one of their digest", async () => {
        const document = { weight: 12.5, batch: "b-1", name: "铁观音" };
        const digest = sha256(document);
        expect(await add(document, document)).to.deep.equal([
          { state: "stored", digest, problem: null },
          { state: "present", digest, problem: null },
        ]);
        const [unrecorded] = (await find({ $state: "unrecorded" })).items;
        expect(unrecorded).to.deep.include({ digest, document, state: "unrecorded", record: null });
        await recordOnChain(database(), { owner: OTHER, digest, block: 6 });
        expect((await find({ $state: "recorded" })).items).to.deep.equal([]);
        const record = await recordOnChain(database(), { owner: TENANT, digest, block: 7 });
        await recordOnChain(database(), { owner: TENANT, digest, block: 8 });
        const [recorded] = (await find({ $state: "recorded" })).items;
        expect(recorded).to.deep.include({ digest, document, state: "recorded" });
        expect(recorded.record).to.deep.equal({
          ...{ id: record, blockNumber: 7, logIndex: 3, transactionHash: `0x${"cd".repeat(32)}` },
          ...{ recordedAt: new Date(1_800_000_007_000).toISOString(), status: "valid", supersededBy: null },
        });
        await revokeOnChain(database(), record, 9);
        expect((await data.ask("GET", `/v1/data/tea/${digest}`, key)).body.record.status).to.equal("revoked");
      });

      it("may stand for the record of a user's account", async () => {
        const document = { batch: "of a user" };
        const rows = [{ document, owner: OTHER.toUpperCase().replace("0X", "0x") }];
        const { items } = (await data.ask("POST", "/v1/data/tea", key, { rows })).body;
        await recordOnChain(database(), { owner: OTHER, digest: items[0].digest, block: 3 });
        expect((await find({ $owner: OTHER, $state: "recorded" })).items).to.have.lengthOf(1);
        expect((await find({ $owner: TENANT })).items).to.have.lengthOf(0);
        const again = (await data.ask("POST", "/v1/data/tea", key, { rows: [{ document }] })).body.items[0];
        expect(again).to.deep.include({ state: "refused", digest: items[0].digest });
        expect(again.problem.code).to.equal("document.owner-differs");
      });

      it("are refused one by one, and the others are stored", async () => {
        const refusals = [
          [{ weight: 1 }, "document.invalid"],
          [{ batch: "x", unknown: 1 }, "document.invalid"],
          [{ batch: "x".repeat(300) }, "document.invalid"],
          [{ batch: "x", price: "12,50" }, "document.invalid"],
          [{ batch: "x", name: "茶".repeat(700) }, "document.invalid"],
          [{ batch: "x", picked: "2026-02-29" }, "document.invalid"],
          [{ batch: "x", bags: 2 ** 53 }, "document.invalid"],
          [{ batch: "a\0b" }, "request.invalid"],
          [{ batch: "x", salt: "s".repeat(70_000) }, "request.invalid"],
          [["batch"], "request.invalid"],
          [null, "request.invalid"],
        ] as const;
        const rows = [...refusals.map(([document]) => ({ document })), { document: { batch: "sound" } }];
        const { items } = (await data.ask("POST", "/v1/data/tea", key, { rows })).body;
        expect(items.map((item: { problem?: { code: string } }) => item.problem?.code ?? "stored")).to.deep.equal([
          ...refusals.map(([, code]) => code),
          "stored",
        ]);
        expect((await find({})).items.map((item: { document: object }) => item.document)).to.deep.equal([
          { batch: "sound" },
        ]);
      });

      it("are told apart when many are looked up at once, by digest and by value, also those that are not there", async () => {
        const names = Array.from({ length: 30 }, (_, index) => `batch ${index}`);
        const items = await add(...names.map((batch) => ({ batch })), { batch: "batch 3", name: "again" });
        const digests = items.map(({ digest }: { digest: string }) => digest);
        const missing = sha256({ batch: "never stored" });
        const found = await Promise.all(
          [...digests, missing].map((digest) => data.ask("GET", `/v1/data/tea/${digest}`, key)),
        );
        expect(found.map(({ status }) => status)).to.deep.equal([...digests.map(() => 200), 404]);
        expect(found.slice(0, -1).map(({ body }) => body.digest)).to.deep.equal(digests);
        const pages = await Promise.all([...names, "nothing"].map((batch) => find({ batch })));
        const named = pages.map(({ items }) => items.map((item: { document: { name?: string } }) => item.document));
        expect(named).to.deep.equal([
          ...names.map((batch, index) => [...(index === 3 ? [{ batch, name: "again" }] : []), { batch }]),
          [],
        ]);
      });

      it("are put by their digest, and only what has it", async () => {
        const document = { batch: "by digest" };
        const path = `/v1/data/tea/${sha256(document)}`;
        const wrong = await data.ask("PUT", path, key, { document: { batch: "another" } });
        expect(wrong.body).to.include({ status: 422, code: "evidence.digest-mismatch" });
        expect((await data.ask("PUT", path, key, { document })).body.state).to.equal("stored");
        expect((await data.ask("PUT", path, key, { document })).body.state).to.equal("present");
      });

      it("are gone from every answer when they are erased", async () => {
        const [{ digest }] = await add({ batch: "a", name: "secret" }, { batch: "b" });
        expect((await data.ask("DELETE", `/v1/data/tea/${digest}`, key)).body.document.batch).to.equal("a");
        expect((await data.ask("GET", `/v1/data/tea/${digest}`, key)).status).to.equal(404);
        expect((await data.ask("DELETE", `/v1/data/tea/${digest}`, key)).status).to.equal(404);
        expect((await find({ name: { search: "secret" } })).items).to.deep.equal([]);
        const counted = await data.ask("POST", "/v1/data/tea/aggregate", key, { measures: [{ function: "count" }] });
        expect(counted.body.items[0].values).to.deep.equal([1]);
      });

      it("have a proof when one is asked for, or say why there is none", async () => {
        const [{ digest }] = await add({ batch: "a" });
        const { body } = await data.ask("GET", `/v1/data/tea/${digest}?proof=true`, key);
        expect(body).to.include({ proof: null, proofUnavailable: "the row is not recorded on chain" });
        const { items } = (await data.ask("GET", "/v1/data/tea?proof=true", key)).body;
        expect(items[0]).to.include({ proof: null });
        expect((await data.ask("GET", `/v1/data/tea/${digest}`, key)).body).to.not.have.property("proof");
      });
    });

    describe("tenants", () => {
      it("find nothing of each other, whatever the way", async () => {
        const [{ digest }] = await add({ batch: "mine" });
        const ways: ["GET" | "POST" | "PUT" | "DELETE", string, object?][] = [
          ["GET", "/v1/schemas/tea"],
          ["GET", "/v1/schemas/tea/versions"],
          ["DELETE", "/v1/schemas/tea"],
          ["GET", "/v1/data/tea"],
          ["GET", `/v1/data/tea/${digest}`],
          ["GET", `/v1/data/tea/${digest}?proof=true`],
          ["DELETE", `/v1/data/tea/${digest}`],
          ["PUT", `/v1/data/tea/${digest}`, { document: { batch: "mine" } }],
          ["POST", "/v1/data/tea", { rows: [{ document: { batch: "x" } }] }],
          ["POST", "/v1/data/tea/query", {}],
          ["POST", "/v1/data/tea/aggregate", { measures: [{ function: "count" }] }],
          ["GET", "/v1/data/tea/export"],
        ];
        for (const [method, path, body] of ways) {
          const theirs = await data.ask(method, path, other, body);
          expect(theirs.body, `${method} ${path}`).to.include({ status: 404, code: "resource.not-found" });
          expect((await data.ask(method, path, undefined, body)).status, `${method} ${path} of nobody`).to.equal(401);
        }
        expect((await data.ask("GET", "/v1/schemas", other)).body).to.deep.equal({ items: [] });
        expect((await find({})).items).to.have.lengthOf(1);
      });

      it("may have schemas of one name, and a cursor of one leads nowhere for another", async () => {
        await data.ask("POST", "/v1/schemas", other, TEA);
        await add({ batch: "a" }, { batch: "b" });
        await data.ask("POST", "/v1/data/tea", other, { rows: [{ document: { batch: "theirs" } }] });
        const { next } = await find({}, { limit: 1 });
        const stolen = await data.ask("POST", "/v1/data/tea/query", other, { where: {}, limit: 1, cursor: next });
        expect(stolen.body).to.include({ status: 400, field: "cursor" });
        expect((await data.ask("GET", "/v1/data/tea", other)).body.items).to.have.lengthOf(1);
      });

      it("without an account have to name whose record stands for a row", async () => {
        const nobody = await data.key(null);
        await data.ask("POST", "/v1/schemas", nobody, TEA);
        const rows = [{ document: { batch: "a" } }, { document: { batch: "a" }, owner: TENANT }];
        const { items } = (await data.ask("POST", "/v1/data/tea", nobody, { rows })).body;
        expect(items[0].problem).to.include({ code: "request.invalid", field: "owner" });
        expect(items[1].state).to.equal("stored");
      });
    });
  });
});

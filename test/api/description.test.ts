import { Ajv } from "ajv";
import { expect } from "chai";
import { digest, FakeChain } from "../indexer/fake-chain.ts";
import { CONTRACTS } from "../indexer/platform-events.ts";
import { FARM, tellStory, USER } from "../indexer/story.ts";
import { type ApiServer, type Body, startApi } from "./api-server.ts";
import { ABOUT_THE_PAST, LISTS } from "./paths.ts";

/** What is answered in another form than JSON. */
const OTHER_TYPES: Readonly<Record<string, readonly string[]>> = {
  "get /v1/data/{schema}/export": ["text/csv", "application/x-ndjson"],
  "get /v1/timestamps/{id}/reply": ["application/timestamp-reply"],
  "get /v1/files/{id}/content": ["application/octet-stream"],
  "get /v1/file-contents/{digest}": ["application/octet-stream"],
};

describe("query interface as clients see it", function () {
  this.timeout(60_000);
  const story = tellStory();
  let api: ApiServer;
  before(async () => {
    api = await startApi(story);
  });
  after(() => api.close());

  describe("refusals", () => {
    const refused: [path: string, status: number, code: string, field?: string][] = [
      ["/v1/records?diggest=0x12", 400, "request.invalid", "diggest"],
      ["/v1/records?digest=0x12", 400, "request.invalid", "digest"],
      ["/v1/records?kind=many", 400, "request.invalid", "kind"],
      ["/v1/records?from=yesterday", 400, "request.invalid", "from"],
      ["/v1/records?from=2027-01-15T08:00:00", 400, "request.invalid", "from"],
      ["/v1/records?limit=0", 400, "request.invalid", "limit"],
      ["/v1/records?limit=201", 400, "request.invalid", "limit"],
      ["/v1/records?cursor=WyJ4Il0", 400, "request.invalid", "cursor"],
      ["/v1/records?cursor=%%%", 400, "request.invalid", "cursor"],
      ["/v1/blocks?cursor=WzEsMl0", 400, "request.invalid", "cursor"],
      ["/v1/records?at=99", 400, "request.invalid", "at"],
      ["/v1/records?at=-1", 400, "request.invalid", "at"],
      ["/v1/records?owner=me", 400, "identifier.invalid"],
      ["/v1/records/0x12", 400, "request.invalid", "id"],
      [`/v1/records/${digest("nobody")}`, 404, "resource.not-found"],
      [`/v1/objects/${digest("nobody")}`, 404, "resource.not-found"],
      [`/v1/objects/${digest("nobody")}/timeline`, 404, "resource.not-found"],
      [`/v1/operations/${digest("nobody")}`, 404, "resource.not-found"],
      ["/v1/accounts/0000-0014", 400, "identifier.invalid"],
      ["/v1/accounts/0000-0045", 404, "resource.not-found"],
      [`/v1/accounts/${CONTRACTS.Records}`, 404, "resource.not-found"],
      [`/v1/accounts/${FARM}?at=3`, 404, "resource.not-found"],
      [`/v1/partners/${USER}`, 404, "resource.not-found"],
      [`/v1/vouchers/${USER}`, 404, "resource.not-found"],
      [`/v1/vouchers/${USER}/holders`, 404, "resource.not-found"],
      [`/v1/vouchers/${USER}/transfers`, 404, "resource.not-found"],
      ["/v1/blocks/99", 404, "resource.not-found"],
      ["/v1/blocks/latest", 400, "request.invalid", "block"],
      ["/v1/search", 400, "request.invalid", "q"],
      ["/v1/voucher-applications?status=none", 400, "request.invalid", "status"],
      ["/v1/nowhere", 404, "resource.not-found"],
    ];
    for (const [path, status, code, field] of refused) {
      it(`answer ${path.replace(/0x\w{3,}/, ":id")} with ${status} ${code}${field === undefined ? "" : ` naming ${field}`}`, async () => {
        const answer = await api.get(path);
        expect(answer.status).to.equal(status);
        expect(answer.type).to.match(/^application\/problem\+json/);
        expect(answer.body).to.include({ status, code, type: `urn:brop:error:${code}`, instance: path });
        expect(answer.body.remedy).to.be.a("string").and.not.equal("");
        if (field !== undefined) expect(answer.body.field).to.equal(field);
      });
    }

    it("tell nothing about a fault inside", async () => {
      const broken = await startApi(new FakeChain());
      await broken.db.query("drop table records", []);
      const answer = await broken.get("/v1/records");
      expect(answer.status).to.equal(500);
      expect(answer.body.code).to.equal("service.internal");
      expect(JSON.stringify(answer.body)).to.not.include('records\\"').and.not.include("relation");
      await broken.close();
    });
  });

  describe("description", () => {
    it("is an OpenAPI 3.1 document in which every route has a summary, an answer and its refusals", async () => {
      const { body } = await api.get("/v1/openapi.json");
      expect(body.openapi).to.equal("3.1.0");
      const paths = Object.keys(body.paths);
      expect(paths).to.include.members(["/v1/status", "/v1/records/{id}", "/v1/objects/{id}/timeline", "/v1/search"]);
      const routes = paths.flatMap((path) =>
        Object.entries<Body>(body.paths[path]).map(([method, route]) => ({ name: `${method} ${path}`, route })),
      );
      for (const { name, route } of routes) {
        expect(route.summary, name).to.be.a("string").and.not.equal("");
        expect(route.tags, name).to.have.lengthOf(1);
        const answer = route.responses["200"] ?? route.responses["201"];
        const types = Object.keys(answer?.content ?? {});
        // tus answers with headers only.
        if (types.length === 0) expect(name).to.match(/ \/v1\/uploads/);
        else if (types[0] !== "application/json") expect(types, name).to.deep.equal(OTHER_TYPES[name]);
        else expect(answer.content["application/json"].schema, name).to.include({ type: "object" });
        expect(route.responses["4XX"].content, name).to.have.property("application/problem+json");
        for (const parameter of route.parameters ?? []) {
          if (parameter.name !== "q")
            expect(parameter.description ?? parameter.schema.description ?? parameter.name, name).to.be.a("string");
        }
      }
    });

    it("says of every route that changes something that it wants a key", async () => {
      const { body } = await api.get("/v1/openapi.json");
      for (const [path, methods] of Object.entries<Body>(body.paths)) {
        for (const [method, route] of Object.entries<Body>(methods)) {
          // Who signs in has no key yet.
          const changes =
            !["get", "options"].includes(method) && !(method === "post" && path.startsWith("/v1/sign-in"));
          if (changes) expect(route.security, `${method} ${path}`).to.deep.equal([{ apiKey: [] }]);
        }
      }
    });

    it("holds for every answer: exactly the members of the schema, of its types", async () => {
      const { body } = await api.get("/v1/openapi.json");
      const ajv = new Ajv({ strict: false });
      const examples = [
        ...LISTS,
        ...ABOUT_THE_PAST,
        "/v1/status",
        "/v1/blocks/6",
        `/v1/operations/${digest("op 2")}`,
        "/v1/search?q=farm",
      ];
      for (const example of examples) {
        const path = example.replace(/\?.*/, "");
        const template = Object.keys(body.paths).find((name) => matches(name, path)) ?? "";
        const schema = body.paths[template]?.get.responses["200"].content["application/json"].schema;
        const check = ajv.compile(schema);
        expect(check((await api.get(example)).body), `${example}: ${ajv.errorsText(check.errors)}`).to.equal(true);
      }
    });

    it("has a console that loads nothing from elsewhere and runs nothing inline", async () => {
      const page = await api.get("/docs/");
      expect(page.status).to.equal(200);
      const places = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] as string);
      expect(places).to.not.be.empty;
      for (const place of places) {
        expect(place).to.not.match(/^(https?:)?\/\//);
        expect((await api.get(new URL(place, "http://localhost/docs/").pathname)).status, place).to.equal(200);
      }
      expect(page.body).to.not.match(/<script>|<style|style="|onload=/);
      expect((await api.get("/docs/static/swagger-initializer.js")).body).to.include('"validatorUrl":null');
    });
  });
});

/** Whether a path is one of `/v1/records/{id}`; a fixed part goes before a variable one. */
function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`).test(path);
}

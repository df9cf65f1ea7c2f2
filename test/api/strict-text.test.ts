import { expect } from "chai";
import { createApiKey } from "../../src/api/access/api-key.ts";
import { FakeChain } from "../indexer/fake-chain.ts";
import { type ApiServer, startApi } from "./api-server.ts";

describe("texts that come in", function () {
  this.timeout(60_000);
  let api: ApiServer;
  let key: string;
  before(async () => {
    api = await startApi(new FakeChain());
    const description = { name: "x", role: "partner", scopes: ["*"], expiresAt: null } as const;
    ({ key } = await createApiKey(api.db, description, "test", 0));
  });
  after(() => api.close());

  const post = (payload: string | Buffer, type = "application/json") =>
    api.server.inject({
      ...{ method: "POST", url: "/v1/subscriptions", payload },
      headers: { authorization: `Bearer ${key}`, "content-type": type },
    });
  const withDescription = (text: string) => `{"url":"https://example.org/","description":"${text}"}`;

  for (const [what, text] of [
    ["NUL", "a\\u0000b"],
    ["the first half of a character", "a\\ud800b"],
    ["the second half of a character", "\\udc00"],
    ["halves in the wrong order", "\\udc00\\ud800"],
  ] as const) {
    it(`are refused with ${what}, naming the field`, async () => {
      const answer = await post(withDescription(text));
      expect(answer.statusCode).to.equal(400);
      expect(answer.json()).to.include({ code: "request.invalid", field: "description", in: "body" });
    });
  }

  it("are refused with NUL in a name or deep inside", async () => {
    for (const [body, field] of [
      ['{"url":"https://example.org/","\\u0000":1}', ""],
      ['{"url":"https://example.org/","filter":{"where":{"a":["\\u0000"]}}}', "filter/where/a/0"],
    ] as const) {
      const answer = await post(body);
      expect([answer.statusCode, answer.json().field], body).to.deep.equal([400, field]);
    }
  });

  it("are refused with NUL in the path or the query", async () => {
    for (const path of ["/v1/search?q=%00", "/v1/documents?document=a%00b", "/v1/accounts/%00"]) {
      const answer = await api.get(path);
      expect([answer.status, answer.body.code], path).to.deep.equal([400, "request.invalid"]);
    }
  });

  it("are refused when they are not in UTF-8, or change what objects are", async () => {
    const latin = Buffer.from(withDescription("caf\u00e9"), "latin1");
    expect((await post(latin)).json().code).to.equal("request.malformed");
    for (const body of ['{"__proto__":{"url":"x"}}', '{"constructor":{"prototype":{"a":1}}}', "{", "", "[1"]) {
      expect((await post(body)).statusCode, body).to.equal(400);
    }
  });

  it("are taken in every language, with whole characters of two halves and with escapes", async () => {
    for (const [text, meant] of [
      ["茶 \\ud83c\\udf75 \\u8336", "茶 🍵 茶"],
      ["\\\\u0000", "\\u0000"],
      ["🍵", "🍵"],
    ] as const) {
      const answer = await post(withDescription(text));
      expect([answer.statusCode, answer.json().description], text).to.deep.equal([201, meant]);
    }
  });

  it("have the types that they have: a number is no text, and a text no number", async () => {
    for (const body of [
      '{"url":"https://example.org/","description":7}',
      '{"url":"https://example.org/","fromBlock":"7"}',
      '{"url":"https://example.org/","fromBlock":null}',
      '{"url":["https://example.org/"]}',
    ]) {
      expect((await post(body)).statusCode, body).to.equal(400);
    }
  });

  it("of another type than JSON are refused as such", async () => {
    for (const type of ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonp"]) {
      const answer = await post("{}", type);
      expect([answer.statusCode, answer.json().code], type).to.deep.equal([415, "request.media-type"]);
    }
  });
});

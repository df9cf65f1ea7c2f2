import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import fastify, { type FastifyInstance } from "fastify";
import { SERVER_OPTIONS } from "../../../src/api/server-options.ts";
import { timestampAuthorityRoutes } from "../../../src/api/timestamp-authority/routes.ts";
import { buildQuery } from "../../../src/core/timestamp/request.ts";
import { readResponse } from "../../../src/core/timestamp/response.ts";
import { verifyToken } from "../../../src/core/timestamp/verify-token.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { authorityOf, certifyIssuer, certifyStamping, digestOfText } from "../../support/time-stamp-authorities.ts";

const TYPE = "application/timestamp-query";

describe("the address of the time-stamping authority", () => {
  const root = certifyIssuer("Root");
  const own = certifyStamping("Authority", root);
  const clock = new ManualClock();
  let server: FastifyInstance;

  before(async () => {
    server = fastify(SERVER_OPTIONS);
    await server.register(timestampAuthorityRoutes, { authority: authorityOf({ root, own }), rate: 100, clock });
    await server.ready();
  });
  beforeEach(() => clock.advance(60_000));
  after(() => server.close());

  const post = (body: Uint8Array | string, type = TYPE) =>
    server.inject({ method: "POST", url: "/tsa", headers: { "content-type": type }, payload: Buffer.from(body) });

  it("answers a request with a token", async () => {
    const answer = await post(buildQuery({ algorithm: "SHA-256", digest: digestOfText(), nonce: 3n }));
    expect(answer.statusCode).to.equal(200);
    expect(answer.headers).to.include({ "content-type": "application/timestamp-reply", "cache-control": "no-store" });
    const { token } = readResponse(new Uint8Array(answer.rawPayload));
    const expected = { digest: digestOfText(), authorities: [root.certificate], nonce: 3n, tolerance: 1_000 };
    await verifyToken(token as Uint8Array, expected);
  });

  it("answers garbage, nothing and too much in the protocol's words", async () => {
    for (const body of ["<html>", "", "0".repeat(9_000)]) {
      const answer = await post(body);
      expect(answer.statusCode).to.equal(body.length > 8_192 ? 413 : 200);
      expect(answer.headers["content-type"]).to.equal("application/timestamp-reply");
      expect(readResponse(new Uint8Array(answer.rawPayload))).to.include({
        token: undefined,
        failure: "badDataFormat",
      });
    }
  });

  it("refuses bodies of another type, and says which one it takes", async () => {
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
      const answer = await post(type === "application/json" ? "{}" : "a", type);
      expect(answer.statusCode, type).to.equal(415);
      expect(answer.json()).to.include({ code: "request.media-type", expected: TYPE });
    }
  });

  it("gives its certificates in PEM, its own and the root in DER", async () => {
    const pem = await server.inject("/tsa/certificate");
    expect(pem.headers["content-type"]).to.equal("application/pem-certificate-chain");
    const [first, second] = pem.body.split(/(?<=-----END CERTIFICATE-----\n)/).map((text) => new X509Certificate(text));
    expect(first?.checkIssued(second as X509Certificate)).to.equal(true);
    const der = await server.inject("/tsa/certificate?form=der");
    expect(new Uint8Array(der.rawPayload)).to.deep.equal(own.certificate);
    const top = await server.inject("/tsa/certificate?form=der&of=root");
    expect(new Uint8Array(top.rawPayload)).to.deep.equal(root.certificate);
    for (const query of ["form=text", "of=nobody", "of=__proto__"]) {
      expect((await server.inject(`/tsa/certificate?${query}`)).json()).to.include({ code: "request.invalid" });
    }
  });

  it("lets one address ask so often, and then tells it to wait", async () => {
    const request = buildQuery({ algorithm: "SHA-256", digest: digestOfText() });
    const codes = new Set<number>();
    for (let count = 0; count < 100; count++) codes.add((await post(request)).statusCode);
    expect([...codes]).to.deep.equal([200]);
    const refused = await post(request);
    expect(refused.statusCode).to.equal(429);
    expect(refused.headers["retry-after"]).to.equal("1");
    clock.advance(1_000);
    expect((await post(request)).statusCode).to.equal(200);
  });
});

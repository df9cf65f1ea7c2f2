import { expect } from "chai";
import { createApiKey } from "../../src/api/access/api-key.ts";
import type { TimestampDesk } from "../../src/api/context.ts";
import { hexToBytes } from "../../src/core/hex.ts";
import { digestWith } from "../../src/core/timestamp/algorithms.ts";
import { readResponse } from "../../src/core/timestamp/response.ts";
import { verifyToken } from "../../src/core/timestamp/verify-token.ts";
import { TimestampClient } from "../../src/timestamp/client/timestamp-client.ts";
import { digest } from "../indexer/fake-chain.ts";
import { recordIdOf } from "../indexer/platform-events.ts";
import { RECORD, tellStory } from "../indexer/story.ts";
import { authorityOf, certifyIssuer, certifyStamping } from "../support/time-stamp-authorities.ts";
import { type ApiServer, startApi } from "./api-server.ts";

describe("time stamps over the interface", function () {
  this.timeout(60_000);
  const root = certifyIssuer("Root");
  const authority = authorityOf({ root, own: certifyStamping("Authority", root) });
  let works = true;
  const client = new TimestampClient({
    ask: async (request) => (works ? authority.answer(request) : new Uint8Array([1, 2, 3])),
    ...{ trusted: [root.certificate], random: (bytes: number) => new Uint8Array(bytes).fill(5), now: () => Date.now() },
  });
  const desk: TimestampDesk = { client, now: () => Date.now() };
  const id = recordIdOf(RECORD);
  let api: ApiServer;
  let key = "";

  before(async () => {
    api = await startApi(tellStory(), undefined, { timestamps: desk });
    const about = { name: "stamps", role: "partner" as const, scopes: ["submissions"], expiresAt: null };
    ({ key } = await createApiKey(api.db, about, "test", Date.now()));
  });
  after(() => api.close());

  it("stamp a record, keep the token, and give it back as its authority answered", async () => {
    const { status, headers, body } = await api.ask("POST", `/v1/records/${id}/timestamp`, key);
    expect(status, JSON.stringify(body)).to.equal(201);
    const { timestamp, attachment } = body;
    expect(headers.location).to.equal(`/v1/timestamps/${timestamp.id}`);
    // Nobody has registered this authority on chain.
    expect(attachment).to.equal(null);
    expect(timestamp).to.include({ kind: "record", object: id, block: null, accuracy: 1_000 });

    expect((await api.get(`/v1/timestamps/${timestamp.id}`)).body).to.deep.equal(timestamp);
    expect((await api.get(`/v1/timestamps?object=${id}&kind=record`)).body.items).to.deep.equal([timestamp]);
    expect((await api.get("/v1/timestamps?kind=block")).body.items).to.deep.equal([]);
    const reply = await api.server.inject(`/v1/timestamps/${timestamp.id}/reply`);
    expect(reply.headers["content-type"]).to.equal("application/timestamp-reply");
    const { token } = readResponse(new Uint8Array(reply.rawPayload));
    const { digest: recorded } = (await api.get(`/v1/records/${id}`)).body;
    expect(timestamp.digest).to.equal(recorded);
    await verifyToken(token as Uint8Array, { digest: hexToBytes(recorded), authorities: [root.certificate] });
  });

  it("name the call that puts the token on chain, once the authority is registered there", async () => {
    const own = await digestWith("SHA-256", authority.certificates[0] as Uint8Array);
    await api.db.query("update timestamp_authorities set certificate_digest = $1, retired_block = null where id = 1", [
      own,
    ]);
    const { body } = await api.ask("POST", `/v1/records/${id}/timestamp`, key);
    expect(body.attachment).to.deep.include({ contract: "TimestampAuthorities", function: "attachToRecord" });
    const [recorded, , number, token] = body.attachment.arguments;
    expect([recorded, number, token]).to.deep.equal([body.timestamp.digest, 1, body.timestamp.id]);
  });

  it("refuse records that are not there, callers without a key, and keep nothing that does not hold", async () => {
    expect((await api.ask("POST", `/v1/records/${digest("none")}/timestamp`, key)).status).to.equal(404);
    expect((await api.ask("POST", "/v1/records/0x12/timestamp", key)).status).to.equal(400);
    expect((await api.ask("POST", `/v1/records/${id}/timestamp`)).status).to.equal(401);
    expect((await api.get(`/v1/timestamps/${digest("none")}`)).status).to.equal(404);
    expect((await api.get(`/v1/timestamps/${digest("none")}/reply`)).status).to.equal(404);
    const before = (await api.get("/v1/timestamps")).body.items.length;
    works = false;
    const { status, body } = await api.ask("POST", `/v1/records/${id}/timestamp`, key);
    works = true;
    expect([status, body.code]).to.deep.equal([502, "timestamp.invalid"]);
    expect((await api.get("/v1/timestamps")).body.items).to.have.length(before);
  });

  it("say that there is no authority where there is none", async () => {
    const without = await startApi(tellStory());
    try {
      const about = { name: "stamps", role: "partner" as const, scopes: ["submissions"], expiresAt: null };
      const other = await createApiKey(without.db, about, "test", Date.now());
      const { body } = await without.ask("POST", `/v1/records/${id}/timestamp`, other.key);
      expect(body.code).to.equal("timestamp.none");
    } finally {
      await without.close();
    }
  });
});

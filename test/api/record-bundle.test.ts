import { expect } from "chai";
import type { BundleRequest } from "../../src/chain/bundle/build-bundle.ts";
import type { Bundle } from "../../src/core/bundle/bundle.ts";
import { BUNDLE_SCHEMA } from "../../src/core/bundle/schema.ts";
import { tellStory } from "../indexer/story.ts";
import { type ApiServer, type Body, startApi } from "./api-server.ts";

describe("proof bundles over HTTP", function () {
  this.timeout(60_000);
  const asked: BundleRequest[] = [];
  let api: ApiServer;
  let bare: ApiServer;
  let record: Body;

  before(async () => {
    const bundle = async (request: BundleRequest) => {
      asked.push(request);
      return { asOf: 1 } as Bundle;
    };
    [api, bare] = await Promise.all([startApi(tellStory(), undefined, { bundle }), startApi(tellStory())]);
    record = (await api.get("/v1/records")).body.items.at(-1);
  });
  after(() => Promise.all([api.close(), bare.close()]));

  it("are made of what the index knows: the event, the changes of the validators, the listing", async () => {
    const answer = await api.get(`/v1/records/${record.id}/bundle`);
    expect(answer).to.deep.include({ status: 200, body: { asOf: 1 } });
    expect(answer.type).to.contain("application/vnd.brop.proof-bundle+json");
    const request = asked.at(-1) as BundleRequest;
    expect(request.claim).to.deep.include({
      ...{ kind: "record", owner: record.owner.toLowerCase() },
      at: { block: record.blockNumber, logIndex: record.logIndex },
    });
    expect(request.contracts.get("Records")?.listed.block).to.be.greaterThan(0);
    expect(request.state).to.equal(undefined);
  });

  it("show the newest state only when they are asked to", async () => {
    await api.get(`/v1/records/${record.id}/bundle?state=true`);
    expect(asked.at(-1)?.state).to.be.greaterThan(record.blockNumber);
    await api.get(`/v1/records/${record.id}/bundle?certifier=${record.owner}`);
    expect(asked.at(-1)?.certification).to.deep.equal({
      account: record.owner.toLowerCase(),
      certifier: record.owner.toLowerCase(),
    });
  });

  it("are refused for records that there are not, for half a question, and without a node", async () => {
    expect((await api.get(`/v1/records/0x${"11".repeat(32)}/bundle`)).status).to.equal(404);
    expect((await api.get("/v1/records/0x11/bundle")).status).to.equal(400);
    expect((await api.get(`/v1/records/${record.id}/bundle?recognisedBy=${record.owner}`)).status).to.equal(400);
    expect((await bare.get(`/v1/records/${record.id}/bundle`)).body.code).to.equal("proof.unavailable");
  });

  it("have their JSON Schema beside them", async () => {
    expect((await api.get("/v1/schemas/proof-bundle")).body).to.deep.equal(BUNDLE_SCHEMA);
  });
});

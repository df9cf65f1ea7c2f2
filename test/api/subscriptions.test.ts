import { expect } from "chai";
import { createApiKey } from "../../src/api/access/api-key.ts";
import { Push } from "../../src/push/push.ts";
import { FakeChain } from "../indexer/fake-chain.ts";
import { tellStory } from "../indexer/story.ts";
import { Receiver } from "../push/receiver.ts";
import { until } from "../push/said.ts";
import { type ApiServer, type Body, startApi } from "./api-server.ts";

describe("webhook subscriptions over the interface", function () {
  this.timeout(60_000);
  let api: ApiServer;
  let push: Push;
  let receiver: Receiver;
  let key: string;
  let stranger: string;

  const keyOf = async (name: string) => {
    const description = { name, role: "partner", scopes: ["subscriptions"], expiresAt: null } as const;
    return (await createApiKey(api.db, description, "platform", Date.now())).key;
  };
  before(async () => {
    api = await startApi(tellStory());
    push = new Push({ db: api.db, chainId: new FakeChain().chainId, allowPrivate: true, pollInterval: 5 });
    await push.start();
    receiver = await Receiver.start();
    [key, stranger] = await Promise.all([keyOf("ours"), keyOf("theirs")]);
  });
  after(async () => {
    receiver.stop();
    await push.stop();
    await api.close();
  });

  const create = async (asked: object = {}): Promise<Body> => {
    const { body } = await api.ask("POST", "/v1/subscriptions", key, { url: receiver.url, ...asked });
    return body;
  };

  it("are made, shown without their secret, changed and ended", async () => {
    const made = await api.ask("POST", "/v1/subscriptions", key, {
      ...{ url: receiver.url, description: "our records", filter: { types: ["records.*"] } },
    });
    expect(made.status).to.equal(201);
    expect(made.body).to.deep.include({ status: "active", catchingUp: false, filter: { types: ["records.*"] } });
    expect(made.body.secret).to.match(/^whsec_/);
    const path = `/v1/subscriptions/${made.body.id}`;
    expect(made.headers.location).to.equal(path);
    const { secret, ...shown } = made.body;
    expect((await api.ask("GET", path, key)).body).to.deep.equal(shown);
    expect((await api.ask("GET", "/v1/subscriptions", key)).body.items).to.deep.include(shown);
    const changed = await api.ask("PATCH", path, key, { status: "paused", filter: { where: { kind: 3 } } });
    expect(changed.body).to.deep.equal({ ...shown, status: "paused", filter: { where: { kind: 3 } } });
    const rotated = await api.ask("POST", `${path}/secret`, key);
    expect(rotated.body.secret)
      .to.match(/^whsec_/)
      .and.not.equal(secret);
    expect((await api.ask("DELETE", path, key)).status).to.equal(200);
    expect((await api.ask("GET", path, key)).status).to.equal(404);
  });

  it("tell the whole story from its first block on, and list what was delivered", async () => {
    const { id } = await create({ fromBlock: 0, filter: { types: ["records.*", "certifications.certified"] } });
    const path = `/v1/subscriptions/${id}`;
    await until(async () => (await api.ask("GET", path, key)).body.catchingUp === false);
    await until(async () => (await api.ask("GET", `${path}/deliveries?state=pending`, key)).body.items.length === 0);
    const types = new Set(receiver.received.map(({ event }) => event.type));
    expect(types).to.include("brop.records.recorded").and.to.include("brop.certifications.certified");
    const listed: Body[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await api.ask("GET", `${path}/deliveries?limit=2${cursor}`, key);
      listed.push(...body.items);
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(listed.map(({ event }) => event).reverse()).to.deep.equal(receiver.ids);
    expect(listed.every(({ state, attempts }) => state === "delivered" && attempts === 1)).to.equal(true);
    const again = await api.ask("POST", `${path}/deliveries`, key, { event: receiver.ids[0] });
    expect(again.body).to.deep.equal({ deliveries: 1 });
    const count = receiver.received.length;
    await until(() => receiver.received.length === count + 1);
    expect(receiver.ids.at(-1)).to.equal(receiver.ids[0]);
    expect((await api.ask("POST", `${path}/deliveries`, key, {})).body).to.deep.equal({ deliveries: 0 });
    await api.ask("POST", `${path}/replays`, key, { fromBlock: 0 });
    await until(() => receiver.received.length === 2 * count + 1);
  });

  it("are nobody else's business", async () => {
    const { id } = await create();
    const path = `/v1/subscriptions/${id}`;
    for (const [method, where, body] of [
      ["GET", path],
      ["PATCH", path, { status: "paused" }],
      ["DELETE", path],
      ["POST", `${path}/secret`],
      ["POST", `${path}/replays`, { fromBlock: 0 }],
      ["GET", `${path}/deliveries`],
      ["POST", `${path}/deliveries`, {}],
    ] as const) {
      expect((await api.ask(method, where, stranger, body)).status, `${method} ${where}`).to.equal(404);
      expect((await api.ask(method, where, undefined, body)).status, `${method} ${where}`).to.equal(401);
    }
    expect((await api.ask("GET", "/v1/subscriptions", stranger)).body.items).to.deep.equal([]);
    expect((await api.ask("GET", path, key)).body.status).to.equal("active");
  });

  for (const [name, asked, field] of [
    ["no address", {}, "url"],
    ["an address that is none", { url: "here" }, "url"],
    ["another protocol", { url: "ftp://example.org" }, "url"],
    ["a filter that is none", { url: "https://example.org/", filter: { types: [] } }, "filter.types"],
    ["a block that is none", { url: "https://example.org/", fromBlock: -1 }, "fromBlock"],
    ["an unknown member", { url: "https://example.org/", secret: "mine" }, "secret"],
  ] as const) {
    it(`are not made with ${name}`, async () => {
      const { status, body } = await api.ask("POST", "/v1/subscriptions", key, asked);
      expect([status, body.code, body.field]).to.deep.equal([400, "request.invalid", field]);
    });
  }
});

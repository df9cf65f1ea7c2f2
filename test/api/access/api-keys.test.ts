import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { createApiKey } from "../../../src/api/access/api-key.ts";
import { KEY_AGE } from "../../../src/api/access/key-ring.ts";
import { FakeChain } from "../../indexer/fake-chain.ts";
import { type ApiServer, startApi } from "../api-server.ts";

const DAY = 24 * 3_600_000;
const FORM = /^brop_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/;

describe("API keys", function () {
  this.timeout(60_000);
  let api: ApiServer;
  let operator: string;
  before(async () => {
    api = await startApi(new FakeChain());
    const description = { name: "operator", role: "operator", scopes: ["*"], expiresAt: null } as const;
    operator = (await createApiKey(api.db, description, "platform", Date.now())).key;
  });
  after(() => api.close());

  const make = async (changes: object = {}) => {
    const asked = { name: "a shop's ERP", role: "partner", scopes: ["subscriptions"], ...changes };
    return (await api.ask("POST", "/v1/api-keys", operator, asked)).body as { id: string; key: string };
  };
  const statusWith = async (key?: string) => (await api.ask("GET", "/v1/subscriptions", key)).status;

  it("are made by the operator, shown once, and let their holder in", async () => {
    const { body, status } = await api.ask("POST", "/v1/api-keys", operator, {
      ...{ name: "ERP", role: "partner", scopes: ["subscriptions"] },
      expiresAt: "2999-01-31T00:00:00Z",
    });
    expect(status).to.equal(201);
    expect(body).to.include({ name: "ERP", role: "partner", expiresAt: "2999-01-31T00:00:00.000Z", revokedAt: null });
    expect(body.key).to.match(FORM);
    expect(await statusWith(body.key)).to.equal(200);
    const list = await api.ask("GET", "/v1/api-keys", operator);
    expect(list.body.items.map(({ id }: { id: string }) => id)).to.include(body.id);
    expect(JSON.stringify(list.body)).to.not.include(body.key.slice(-43));
  });

  it("are kept as digests only", async () => {
    const { key } = await make();
    const rows = await api.db.query("select * from api_keys", []);
    expect(
      JSON.stringify(rows, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value)),
    ).to.not.include(key.slice(-43));
  });

  it("hold no longer once they are revoked or their time is over", async () => {
    const revoked = await make();
    expect((await api.ask("DELETE", `/v1/api-keys/${revoked.id}`, operator)).body.revokedAt).to.be.a("string");
    expect(await statusWith(revoked.key)).to.equal(401);
    const expired = { name: "x", role: "partner", scopes: ["*"], expiresAt: Date.now() - 1 } as const;
    expect(await statusWith((await createApiKey(api.db, expired, "platform", Date.now() - DAY)).key)).to.equal(401);
  });

  it("are given a new secret, and the former one holds for a day", async () => {
    const { id, key } = await make();
    const next = (await api.ask("POST", `/v1/api-keys/${id}/secret`, operator)).body.key as string;
    expect(next).to.match(FORM).and.not.equal(key);
    expect(await statusWith(next)).to.equal(200);
    expect(await statusWith(key)).to.equal(200);
    await api.db.query("update api_keys set former_until = $2 where id = $1", [id, Date.now() - 1]);
    // As another process would have changed it.
    await sleep(KEY_AGE);
    expect(await statusWith(key)).to.equal(401);
    expect(await statusWith(next)).to.equal(200);
  });

  it("do what their role and scopes allow, and nothing else", async () => {
    const partner = await make();
    const refused = await api.ask("GET", "/v1/api-keys", partner.key);
    expect([refused.status, refused.body.code]).to.deep.equal([403, "access.forbidden"]);
    const narrow = await make({ role: "operator", scopes: ["api-keys"] });
    expect((await api.ask("GET", "/v1/api-keys", narrow.key)).status).to.equal(200);
    expect((await api.ask("GET", "/v1/subscriptions", narrow.key)).body).to.include({
      code: "access.forbidden",
      scope: "subscriptions",
    });
  });

  it("hand out no more than they have themselves, also by a new secret of a key that has more", async () => {
    const narrow = await make({ role: "operator", scopes: ["api-keys", "data"] });
    const wide = { name: "mine", role: "operator", scopes: ["*"] };
    const asked = await api.ask("POST", "/v1/api-keys", narrow.key, wide);
    expect([asked.status, asked.body.code, asked.body.scope]).to.deep.equal([403, "access.forbidden", "*"]);
    const { id, key } = await make({ scopes: ["submissions"] });
    expect((await api.ask("POST", `/v1/api-keys/${id}/secret`, narrow.key)).status).to.equal(403);
    expect((await api.ask("GET", "/v1/subscriptions", key)).status).to.equal(403);
    const same = await api.ask("POST", "/v1/api-keys", narrow.key, { ...wide, scopes: ["data"] });
    expect(same.status).to.equal(201);
  });

  it("speak for an account, whose data they share with its other keys", async () => {
    const account = "0x52908400098527886E0F7030069857D2E4169EE7";
    const [ours, alsoOurs, theirs] = [
      await make({ account }),
      await make({ account: account.toLowerCase() }),
      await make(),
    ];
    const list = await api.ask("GET", "/v1/api-keys", operator);
    expect(list.body.items.find(({ id }: { id: string }) => id === alsoOurs.id).account).to.equal(account);
    const made = await api.ask("POST", "/v1/subscriptions", ours.key, { url: "https://example.org/" });
    const path = `/v1/subscriptions/${made.body.id}`;
    expect((await api.ask("GET", path, alsoOurs.key)).status).to.equal(200);
    expect((await api.ask("GET", path, theirs.key)).status).to.equal(404);
  });

  for (const [name, key] of [
    ["no key", undefined],
    ["a key that is none", "secret"],
    ["a key of nobody", `brop_${"0".repeat(16)}_${"A".repeat(43)}`],
    ["two keys", "one two"],
  ] as const) {
    it(`are asked for when there is ${name}`, async () => {
      const answer = await api.ask("GET", "/v1/subscriptions", key);
      expect(answer.status).to.equal(401);
      expect(answer.body).to.include({ code: "access.unauthenticated" });
      expect(answer.headers["www-authenticate"]).to.equal("Bearer");
    });
  }

  it("do not fit with another secret", async () => {
    const { key } = await make();
    expect(await statusWith(key.slice(0, -1) + (key.endsWith("A") ? "B" : "A"))).to.equal(401);
  });

  for (const [name, changes, field] of [
    ["a role that is none", { role: "admin" }, "role"],
    ["no scopes", { scopes: [] }, "scopes"],
    ["a scope that is none", { scopes: ["everything"] }, "scopes"],
    ["an empty name", { name: "" }, "name"],
    ["a time that is none", { expiresAt: "tomorrow" }, "expiresAt"],
    ["a day that is none", { expiresAt: "2999-02-31T99:00:00Z" }, "expiresAt"],
    ["a time in the past", { expiresAt: "2001-01-01T00:00:00Z" }, "expiresAt"],
    ["an account that is none", { account: "0x12" }, "account"],
    ["an unknown member", { admin: true }, "admin"],
  ] as const) {
    it(`are not made with ${name}`, async () => {
      const asked = { name: "x", role: "partner", scopes: ["*"], ...changes };
      const { status, body } = await api.ask("POST", "/v1/api-keys", operator, asked);
      expect([status, body.code]).to.deep.equal([400, "request.invalid"]);
      expect(body.field).to.match(new RegExp(`^${field}`));
    });
  }

  it("that nobody has can be neither revoked nor changed", async () => {
    const path = `/v1/api-keys/${"0".repeat(16)}`;
    expect((await api.ask("DELETE", path, operator)).status).to.equal(404);
    expect((await api.ask("POST", `${path}/secret`, operator)).status).to.equal(404);
  });
});

import { createHash } from "node:crypto";
import { expect } from "chai";
import { Wallet } from "ethers";
import { createApiKey } from "../../../src/api/access/api-key.ts";
import { FakeChain } from "../../indexer/fake-chain.ts";
import { type ApiServer, type Body, startApi } from "../api-server.ts";
import { tokenOf } from "../fake-node.ts";

const ACCOUNT = "0x52908400098527886E0F7030069857D2E4169EE7";

describe("audit log", function () {
  this.timeout(60_000);
  let api: ApiServer;
  let operator: string;
  let regulator: string;
  let partner: string;
  let partnerId: string;
  before(async () => {
    api = await startApi(new FakeChain());
    const make = (role: "operator" | "regulator" | "partner", account?: string) =>
      createApiKey(api.db, { name: role, role, scopes: ["*"], expiresAt: null, account: account ?? null }, "test", 0);
    operator = (await make("operator")).key;
    regulator = (await make("regulator")).key;
    ({ key: partner, id: partnerId } = await make("partner", ACCOUNT.toLowerCase()));
  });
  beforeEach(() => api.db.query("delete from audit_log", []));
  after(() => api.close());

  const entries = async (query = "", key = operator): Promise<Body[]> =>
    (await api.ask("GET", `/v1/audit${query}`, key)).body.items;
  const subscribe = (body: object) => api.ask("POST", "/v1/subscriptions", partner, body);

  it("has an entry for what was changed: who, what, when and how it ended, and the digest of the body", async () => {
    const payload = '{ "url": "https://example.org/" , "description":"的" }';
    const headers = {
      authorization: `Bearer ${partner}`,
      "content-type": "application/json",
      "x-request-id": "ours-1",
    };
    const before = Date.now();
    await api.server.inject({ method: "POST", url: "/v1/subscriptions?", headers, payload });
    const [entry, ...more] = await entries();
    expect(more).to.deep.equal([]);
    const { at, id, ...rest } = entry;
    expect(Date.parse(at)).to.be.within(before, Date.now());
    expect(id).to.be.a("number");
    expect(rest).to.deep.equal({
      ...{ requestId: "ours-1", principal: partnerId, role: "partner", account: ACCOUNT, method: "POST" },
      ...{ route: "/v1/subscriptions", path: "/v1/subscriptions", status: 201, details: null },
      bodyDigest: `0x${createHash("sha256").update(payload).digest("hex")}`,
    });
  });

  it("has one for what was refused, by the rules of a route, its schema or its access", async () => {
    await subscribe({ url: "ftp://example.org" });
    await subscribe({ nothing: true });
    await api.ask("DELETE", "/v1/subscriptions/sub_000000000000000000000000", partner);
    await api.ask("POST", "/v1/api-keys", partner, { name: "mine", role: "operator", scopes: ["*"] });
    const headers = { authorization: `Bearer ${partner}`, "content-type": "application/json" };
    await api.server.inject({ method: "POST", url: "/v1/subscriptions", headers, payload: "{" });
    await api.server.inject({
      method: "POST",
      url: "/v1/subscriptions",
      headers,
      payload: `"${"a".repeat(1_100_000)}"`,
    });
    const found = (await entries()).map(({ method, path, status }) => `${method} ${path} ${status}`).reverse();
    expect(found).to.deep.equal([
      "POST /v1/subscriptions 400",
      "POST /v1/subscriptions 400",
      "DELETE /v1/subscriptions/sub_000000000000000000000000 404",
      "POST /v1/api-keys 403",
      "POST /v1/subscriptions 400",
      "POST /v1/subscriptions 413",
    ]);
  });

  it("has none for reading, for nobody, and for paths that are none", async () => {
    await api.ask("GET", "/v1/subscriptions", partner);
    await api.server.inject({
      method: "HEAD",
      url: "/v1/subscriptions",
      headers: { authorization: `Bearer ${partner}` },
    });
    await api.ask("POST", "/v1/subscriptions", undefined, { url: "https://example.org/" });
    await api.ask("POST", "/v1/subscriptions", "brop_nobody", { url: "https://example.org/" });
    await api.ask("POST", "/v1/nowhere", partner, {});
    expect(await entries()).to.deep.equal([]);
  });

  it("has one for a sign-in that went well", async () => {
    const wallet = Wallet.createRandom();
    const { message } = (await api.ask("POST", "/v1/sign-in/challenge", undefined, { account: wallet.address })).body;
    await api.ask("POST", "/v1/sign-in", undefined, { message, signature: "0x12" });
    const signature = await wallet.signMessage(message);
    await api.ask("POST", "/v1/sign-in", undefined, { message, signature });
    const found = await entries();
    expect(found).to.have.lengthOf(1);
    expect(found[0]).to.include({ route: "/v1/sign-in", account: wallet.address, role: "public", status: 201 });
  });

  it("holds no secret: neither keys nor tokens nor what was in a body", async () => {
    const token = await tokenOf(api.signIn);
    await api.ask("POST", "/v1/subscriptions", token, { url: "https://user:hunter2@example.org/hook?secret=hunter3" });
    const made = await api.ask("POST", "/v1/api-keys", operator, { name: "x", role: "partner", scopes: ["*"] });
    const rows = JSON.stringify(await api.db.query("select * from audit_log", []));
    for (const secret of [token, operator, made.body.key, "hunter2", "hunter3"]) {
      expect(rows).to.not.include(secret.slice(-40));
    }
  });

  it("has the entry before anything is done: without one nothing is done", async () => {
    await api.db.query("alter table audit_log rename to audit_log_away", []);
    const { status } = await subscribe({ url: "https://example.org/unwritten" });
    await api.db.query("alter table audit_log_away rename to audit_log", []);
    expect(status).to.equal(500);
    const { body } = await api.ask("GET", "/v1/subscriptions", partner);
    expect(body.items.map(({ url }: Body) => url)).to.not.include("https://example.org/unwritten");
  });

  it("is for operator and regulator, with every filter, in pages", async () => {
    for (let count = 0; count < 3; count++) await subscribe({ url: "https://example.org/" });
    await api.ask("POST", "/v1/api-keys", operator, { name: "x", role: "partner", scopes: ["*"] });
    expect((await api.ask("GET", "/v1/audit", partner)).status).to.equal(403);
    expect(await entries("", regulator)).to.have.lengthOf(4);
    expect(await entries(`?principal=${partnerId}`)).to.have.lengthOf(3);
    expect(await entries(`?account=${ACCOUNT}`)).to.have.lengthOf(3);
    expect(await entries("?route=/v1/api-keys")).to.have.lengthOf(1);
    const [first] = await entries();
    expect(await entries(`?requestId=${first.requestId}`)).to.deep.equal([first]);
    expect(await entries(`?until=${first.at.slice(0, 4)}-01-01`)).to.deep.equal([]);
    expect(await entries(`?since=${first.at.slice(0, 4)}-01-01`)).to.have.lengthOf(4);
    const pages: Body[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await api.ask("GET", `/v1/audit?limit=3${cursor}`, operator);
      pages.push(...body.items);
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(pages).to.deep.equal(await entries());
    for (const query of ["?since=yesterday", "?cursor=-1", "?cursor=1e3", "?limit=0", "?account=me", "?who=me"]) {
      expect((await api.ask("GET", `/v1/audit${query}`, operator)).status, query).to.equal(400);
    }
  });
});

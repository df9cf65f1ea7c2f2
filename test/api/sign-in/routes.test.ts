import { expect } from "chai";
import { Wallet } from "ethers";
import { createApiKey } from "../../../src/api/access/api-key.ts";
import { FakeChain } from "../../indexer/fake-chain.ts";
import { type ApiServer, startApi } from "../api-server.ts";

describe("sign-in over the interface", function () {
  this.timeout(60_000);
  let api: ApiServer;
  const wallet = Wallet.createRandom();
  before(async () => {
    api = await startApi(new FakeChain());
  });
  after(() => api.close());

  const enter = async () => {
    const { message } = (await api.ask("POST", "/v1/sign-in/challenge", undefined, { account: wallet.address })).body;
    const signature = await wallet.signMessage(message);
    return api.ask("POST", "/v1/sign-in", undefined, { message, signature });
  };

  it("gives a token that opens what the account may, shows who it is, and ends", async () => {
    const entered = await enter();
    expect(entered.status).to.equal(201);
    expect(entered.headers["cache-control"]).to.equal("no-store");
    const { token, expiresAt, ...who } = entered.body;
    expect(Date.parse(expiresAt)).to.be.greaterThan(Date.now());
    expect(who).to.deep.equal({
      ...{ id: `account:${wallet.address.toLowerCase()}`, role: "public" },
      ...{ account: wallet.address, scopes: ["*"] },
    });
    expect((await api.ask("GET", "/v1/sign-in", token)).body).to.deep.equal(who);
    const made = await api.ask("POST", "/v1/subscriptions", token, { url: "https://example.org/" });
    expect(made.status).to.equal(201);
    expect((await api.ask("GET", "/v1/api-keys", token)).status).to.equal(403);
    expect((await api.ask("DELETE", "/v1/sign-in", token)).body).to.deep.equal({ ended: true });
    const after = await api.ask("GET", "/v1/subscriptions", token);
    expect([after.status, after.body.code]).to.deep.equal([401, "access.unauthenticated"]);
    const again = (await enter()).body.token;
    expect((await api.ask("GET", "/v1/subscriptions", again)).body.items).to.have.lengthOf(1);
  });

  it("shows a key's holder what the key is, and does not end it", async () => {
    const description = { name: "ERP", role: "partner", scopes: ["data"], expiresAt: null } as const;
    const { key, id } = await createApiKey(api.db, description, "platform", Date.now());
    const who = { id, role: "partner", account: null, scopes: ["data"] };
    expect((await api.ask("GET", "/v1/sign-in", key)).body).to.deep.equal(who);
    expect((await api.ask("DELETE", "/v1/sign-in", key)).body).to.deep.equal({ ended: false });
    expect((await api.ask("GET", "/v1/sign-in", key)).body).to.deep.equal(who);
  });

  it("says why it is refused", async () => {
    const { message } = (await api.ask("POST", "/v1/sign-in/challenge", undefined, { account: wallet.address })).body;
    const wrong = await api.ask("POST", "/v1/sign-in", undefined, { message, signature: "0x1234" });
    expect([wrong.status, wrong.body.code]).to.deep.equal([401, "access.sign-in-refused"]);
    const other = message.replace("platform.example.org", "evil.example");
    const signature = await wallet.signMessage(other);
    const refused = await api.ask("POST", "/v1/sign-in", undefined, { message: other, signature });
    expect([refused.status, refused.body.field]).to.deep.equal([400, "message"]);
    for (const account of ["0x12", "me", "", `0x${"1".repeat(41)}`]) {
      const asked = await api.ask("POST", "/v1/sign-in/challenge", undefined, { account });
      expect([asked.status, asked.body.field], account).to.deep.equal([400, "account"]);
    }
  });
});

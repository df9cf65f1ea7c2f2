import { expect } from "chai";
import type { Wallet } from "ethers";
import { type Body, Running } from "./running.ts";

describe("data that is handed over to be kept", function () {
  this.timeout(120_000);
  let running: Running;
  let key: string;
  let account: string;

  before(async () => {
    running = await Running.start({ keeps: true });
    account = running.people.user.address;
    key = await running.key("partner", ["submissions", "data"]);
    const schema = { type: "object", required: ["weight"], properties: { weight: { type: "number" } } };
    const made = await post("/schemas", { name: "tea", schema, fields: { weight: {} } });
    expect(made.status, JSON.stringify(made.body)).to.equal(200);
  });
  after(() => running?.stop());

  const post = (path: string, body: object) => running.ask("POST", `/v1${path}`, key, body);
  const kept = async (digest: string) => (await running.ask("GET", `/v1/data/tea/${digest}`, key)).status === 200;

  it("is kept with the submission of its record, or not at all", async () => {
    const good = await post("/records", { account, data: { weight: Math.random() }, schema: "tea" });
    expect(good.status, JSON.stringify(good.body)).to.equal(201);
    expect(await kept(good.body.content.digest)).to.equal(true);
    const before = await running.db.query("select 1 from submissions", []);
    for (const body of [
      { data: { weight: "heavy" }, schema: "tea" },
      { data: { weight: 2 }, schema: "coffee" },
      { data: { weight: 3 }, schema: "tea", algorithm: "sm3-256" },
    ]) {
      const refused = await post("/records", { account, ...body });
      expect(refused.status, JSON.stringify(refused.body)).to.be.within(400, 422);
    }
    expect(await running.db.query("select 1 from submissions", [])).to.have.length(before.length);
  });

  it("spoils no other item of a batch", async () => {
    const weight = Math.random();
    const items = [
      { data: { weight }, schema: "tea" },
      { data: { weight: "heavy" }, schema: "tea" },
      { data: { weight }, schema: "coffee" },
      { data: { weight: weight + 1 } },
    ];
    const { body } = await post("/record-batches", { account, items });
    const faults = body.items.map(({ problem }: Body) => problem !== null);
    // The third one is the first one's data once more.
    expect(faults).to.deep.equal([false, true, true, false]);
    expect(await Promise.all(body.items.map(({ content }: Body) => kept(content.digest)))).to.deep.equal([
      ...[true, false, true, false],
    ]);
  });
});

describe("an account whose key is kept here", function () {
  this.timeout(120_000);

  it("needs no signature from its caller", async () => {
    const keys = new Map<string, Wallet>();
    const signFor = async ({ sender }: { sender: string }, hash: string) =>
      keys.get(sender)?.signingKey.sign(hash).serialized;
    const running = await Running.start({ signFor });
    try {
      const { user, userWallet, partner } = running.people;
      keys.set(user.address, userWallet);
      const key = await running.key();
      const data = { number: Math.random() };
      const ask = (account: string) =>
        running.ask("POST", "/v1/records?wait=included&timeout=20", key, { account, data });
      expect((await ask(user.address)).body).to.include({ state: "included", success: true });
      const other = await running.ask("POST", "/v1/records", key, { account: partner.address, data });
      expect(other.body.state).to.equal("received");
    } finally {
      await running.stop();
    }
  });
});

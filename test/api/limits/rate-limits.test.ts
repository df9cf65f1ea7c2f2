import { expect } from "chai";
import { createApiKey } from "../../../src/api/access/api-key.ts";
import { FakeChain } from "../../indexer/fake-chain.ts";
import { type ApiServer, startApi } from "../api-server.ts";

describe("rate limits of the interface", function () {
  this.timeout(60_000);
  let api: ApiServer;
  const keys: string[] = [];
  before(async () => {
    api = await startApi(new FakeChain(), { anonymous: 5, key: 8 });
    for (const name of ["a", "b", "c"]) {
      const description = { name, role: "partner", scopes: ["*"], expiresAt: null } as const;
      keys.push((await createApiKey(api.db, description, "platform", Date.now())).key);
    }
  });
  after(() => api.close());

  const ask = (from: string, key?: string, url = "/v1/contracts") =>
    api.server.inject({
      url,
      remoteAddress: from,
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    });
  const flood = async (count: number, from: string, key?: string, url?: string) => {
    const codes: number[] = [];
    for (let each = 0; each < count; each++) codes.push((await ask(from, key, url)).statusCode);
    return codes;
  };

  it("say in headers what is left, and refuse with the time to wait", async () => {
    const first = await ask("192.0.2.1");
    expect(first.headers).to.include({ "ratelimit-policy": '"anonymous";q=5;w=60', ratelimit: '"anonymous";r=4;t=12' });
    await flood(4, "192.0.2.1");
    const refused = await ask("192.0.2.1");
    expect(refused.statusCode).to.equal(429);
    expect(refused.headers["content-type"]).to.match(/^application\/problem\+json/);
    expect(refused.json()).to.include({ code: "request.rate-limited", perMinute: 5 });
    expect(Number(refused.headers["retry-after"])).to.be.within(1, 12);
    expect(refused.headers.ratelimit).to.match(/^"anonymous";r=0;t=\d+$/);
  });

  it("count one subscriber's IPv6 addresses as one, and others by themselves", async () => {
    for (let each = 1; each <= 5; each++) expect((await ask(`2001:db8:0:1::${each}`)).statusCode).to.equal(200);
    expect((await ask("2001:db8:0:1:ffff::9")).statusCode).to.equal(429);
    expect((await ask("2001:db8:0:2::1")).statusCode).to.equal(200);
  });

  it("count a key by itself: a flood at its address, and of another key, is not its own", async () => {
    await flood(20, "192.0.2.2");
    await flood(20, "192.0.2.2", keys[1]);
    expect(await flood(8, "192.0.2.2", keys[0])).to.deep.equal(Array(8).fill(200));
    const refused = await ask("198.51.100.7", keys[0]);
    expect(refused.statusCode).to.equal(429);
    expect(refused.headers["ratelimit-policy"]).to.equal('"key";q=8;w=60');
  });

  it("stop who tries keys, but not who has one at the same address", async () => {
    expect((await ask("192.0.2.3", keys[2])).statusCode).to.equal(200);
    const guesses: number[] = [];
    for (let each = 0; each < 70; each++) {
      const guess = `brop_${each.toString(16).padStart(16, "0")}_${"A".repeat(43)}`;
      guesses.push((await ask("192.0.2.3", guess)).statusCode);
    }
    expect(guesses.slice(0, 60)).to.deep.equal(Array(60).fill(401));
    expect(guesses.slice(60)).to.deep.equal(Array(10).fill(429));
    expect((await ask("192.0.2.3", keys[2])).statusCode).to.equal(200);
    expect((await ask("192.0.2.4", `brop_${"0".repeat(16)}_${"A".repeat(43)}`)).statusCode).to.equal(401);
  });

  it("hold for paths that are none, and for headers that are no key", async () => {
    expect(await flood(6, "192.0.2.5", undefined, "/v1/nowhere")).to.deep.equal([404, 404, 404, 404, 404, 429]);
    const codes: number[] = [];
    for (let each = 0; each < 6; each++) {
      const headers = { authorization: "Basic YTpi" };
      codes.push((await api.server.inject({ url: "/v1/contracts", remoteAddress: "192.0.2.6", headers })).statusCode);
    }
    expect(codes).to.deep.equal([401, 401, 401, 401, 401, 429]);
  });

  it("do not believe a header about where a request comes from", async () => {
    const codes: number[] = [];
    for (let each = 0; each < 6; each++) {
      const headers = { "x-forwarded-for": `203.0.113.${each}`, forwarded: `for=203.0.113.${each}` };
      codes.push((await api.server.inject({ url: "/v1/contracts", remoteAddress: "192.0.2.8", headers })).statusCode);
    }
    expect(codes).to.deep.equal([200, 200, 200, 200, 200, 429]);
  });
});

import { expect } from "chai";
import { digest } from "../indexer/fake-chain.ts";
import { tellStory } from "../indexer/story.ts";
import { type ApiServer, startApi } from "./api-server.ts";

describe("caching of answers", function () {
  this.timeout(60_000);
  let api: ApiServer;
  before(async () => {
    api = await startApi(tellStory());
  });
  after(() => api.close());
  const ask = (url: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" | "POST" = "GET") =>
    api.server.inject({ method, url, headers });

  it("gives public answers a tag, and 304 without a body to whoever has the answer", async () => {
    const first = await ask("/v1/partners");
    expect(first.headers["cache-control"]).to.equal("public, max-age=2, stale-while-revalidate=4");
    const tag = String(first.headers.etag);
    expect(tag).to.match(/^W\/"[\w-]{27}"$/);
    for (const named of [tag, tag.slice(2), `"other", ${tag}`, "*"]) {
      const again = await ask("/v1/partners", { "if-none-match": named });
      expect([again.statusCode, again.body, again.headers.etag], named).to.deep.equal([304, "", tag]);
      expect(again.headers["content-type"]).to.equal(undefined);
    }
    const other = await ask("/v1/partners", { "if-none-match": '"other"' });
    expect([other.statusCode, other.body]).to.deep.equal([200, first.body]);
  });

  it("has another tag for another answer, and the same for the same", async () => {
    const tags = await Promise.all(
      ["/v1/blocks/1", "/v1/blocks/2", "/v1/blocks/1"].map(async (url) => (await ask(url)).headers.etag),
    );
    expect(tags[0]).to.equal(tags[2]).and.not.equal(tags[1]);
  });

  it("keeps what was asked as of a block for an hour: blocks are final", async () => {
    expect((await ask("/v1/partners?at=6")).headers["cache-control"]).to.equal("public, max-age=3600");
  });

  it("lets nobody keep refusals, challenges, or answers that are not for everybody", async () => {
    const refused = [
      await ask("/v1/records/nonsense"),
      await ask(`/v1/records/${digest("nobody")}`, { "if-none-match": "*" }),
      await ask("/v1/submissions"),
      await api.server.inject({
        ...{ method: "POST", url: "/v1/sign-in/challenge", headers: { "if-none-match": "*" } },
        payload: { account: `0x${"11".repeat(20)}` },
      }),
    ];
    expect(refused.map(({ statusCode }) => statusCode)).to.deep.equal([400, 404, 401, 200]);
    for (const { headers } of refused) {
      expect(headers["cache-control"]).to.equal("no-store");
      expect(headers.etag).to.equal(undefined);
    }
  });
});

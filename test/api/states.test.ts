import { expect } from "chai";
import { digest } from "../indexer/fake-chain.ts";
import { FARM, SHOP, tellStory, USER } from "../indexer/story.ts";
import { type ApiServer, startApi } from "./api-server.ts";

describe("lists of states", function () {
  this.timeout(60_000);
  let api: ApiServer;
  before(async () => {
    api = await startApi(tellStory());
  });
  after(() => api.close());
  const items = async (path: string) => (await api.get(path)).body.items;

  it("tell who has confirmed an agreement, and which were proposed by whom", async () => {
    const { body } = await api.get(`/v1/agreements/${digest("agreement")}`);
    expect(body).to.include({ status: "effective", parties: 2, digest: digest("text") });
    expect(body.confirmations).to.deep.equal([
      { party: "0xA00000000000000000000000000000000000000B", confirmed: true },
      { party: "0xa00000000000000000000000000000000000000c", confirmed: true },
    ]);
    expect(await items(`/v1/agreements?proposer=${SHOP}`)).to.have.length(1);
    expect(await items("/v1/agreements?status=proposed")).to.deep.equal([]);
  });

  it("find names by their beginning, whatever the case, and none that was released", async () => {
    expect((await items("/v1/names")).map(({ name }: { name: string }) => name)).to.deep.equal(["王芳"]);
    expect(await items("/v1/names?prefix=%E7%8E%8B")).to.have.length(1);
    expect(await items("/v1/names?prefix=GR")).to.deep.equal([]);
    const earlier = (await items("/v1/names?prefix=GR&at=14")) as { account: string; kind: string }[];
    expect(earlier.map(({ account, kind }) => [account.toLowerCase(), kind])).to.deep.equal([[FARM, "custom"]]);
    expect(await items("/v1/names?prefix=%25")).to.deep.equal([]);
  });

  it("show what became of orders, key resets, presentations, batches and proofs", async () => {
    const words = async (path: string) => (await items(path)).map(({ status }: { status: string }) => status);
    expect(await words("/v1/orders")).to.deep.equal(["withdrawn", "reported", "executed"]);
    expect(await words("/v1/key-resets")).to.deep.equal(["objected", "completed"]);
    expect(await words("/v1/redemptions")).to.deep.equal(["overdue", "refused", "redeemed"]);
    expect(await words(`/v1/redemptions?holder=${USER}&status=refused`)).to.deep.equal(["refused"]);
    const { body } = await api.get(`/v1/batches/${digest("batch")}`);
    expect(body.revoked).to.deep.equal([{ leaf: "7", reason: digest("wrong") }]);
    const proof = (await api.get(`/v1/custody-proofs/${digest("declared")}`)).body;
    expect(proof).to.include({ voucher: null, disputed: true, total: "1000" });
    expect(proof.challenges.map(({ status }: { status: string }) => status)).to.have.members(["open", "contradicted"]);
  });

  it("refuse what is no identifier, no status and no text", async () => {
    const refused = [
      ...["/v1/agreements?status=none", "/v1/orders?status=7", "/v1/orders/-1", "/v1/orders/1e99", "/v1/orders/x"],
      ...["/v1/names?prefix=", "/v1/names?name=%00", "/v1/agreements/0x12", "/v1/redemptions?holder=nobody"],
      ...["/v1/agreements?at=99999", "/v1/names?cursor=WyJhIl0", "/v1/batches?unknown=1"],
    ];
    for (const path of refused) expect((await api.get(path)).status, path).to.equal(400);
    for (const path of [`/v1/agreements/${digest("none")}`, "/v1/orders/99", "/v1/key-resets/9007199254740991"])
      expect((await api.get(path)).status, path).to.equal(404);
  });
});

import { expect } from "chai";
import { nameSkeletons } from "../../src/core/account-name.ts";
import { hexToBytes } from "../../src/core/hex.ts";
import { FARM, SHOP, tellStory, USER, VOUCHER } from "../indexer/story.ts";
import { type ApiServer, startApi } from "./api-server.ts";

const lower = (address: string) => address.toLowerCase();

describe("questions behind the public site", function () {
  this.timeout(60_000);
  const story = tellStory();
  let api: ApiServer;
  before(async () => {
    api = await startApi(story);
  });
  after(() => api.close());

  describe("search by name", () => {
    const search = async (q: string) => {
      const { body } = await api.get(`/v1/search?q=${encodeURIComponent(q)}`);
      return body.items.map((hit: Record<string, string>) => [hit.kind, hit.title, hit.match]);
    };

    it("says whether a name is the text or contains it", async () => {
      expect(await search("corner shop")).to.deep.equal([["partner", "Corner Shop", "name"]]);
      expect(await search("corner")).to.deep.equal([["partner", "Corner Shop", "part"]]);
    });

    it("marks a voucher found by its symbol as found in part, never as a look-alike", async () => {
      expect((await search("TEA"))[0]?.[2]).to.equal("part");
    });

    it("finds the true name for a text in letters of another script, as a look-alike", async () => {
      expect(await search("Соrnеr Shop")).to.deep.equal([["partner", "Corner Shop", "look-alike"]]);
      expect(await search("C0rner-Sh0p")).to.deep.equal([["partner", "Corner Shop", "look-alike"]]);
    });

    it("puts an account's name that imitates a partner's after it, marked", async () => {
      const { lookSkeleton, letterSkeleton } = nameSkeletons("cornеrshop");
      await api.db.query(
        `update account_names set look_skeleton = $1, letter_skeleton = $2, name = 'cornеrshop', kind = 2
         where account = $3 and to_block is null`,
        [hexToBytes(lookSkeleton), hexToBytes(letterSkeleton), hexToBytes(USER)],
      );
      expect(await search("Corner Shop")).to.deep.equal([
        ["partner", "Corner Shop", "name"],
        ["account", "cornеrshop", "look-alike"],
      ]);
    });

    it("says of what kind an account's name is", async () => {
      const { body } = await api.get(`/v1/search?q=${USER}`);
      expect(body.items).to.deep.include({
        ...{ kind: "account", id: body.items[0].id, title: "cornеrshop", match: "identifier", nameKind: "custom" },
      });
    });

    it("finds nothing like a text of signs alone", async () => {
      for (const q of ["...", "--", "·"]) expect(await search(q), q).to.deep.equal([]);
    });
  });

  it("shows an account's name only where it agreed to show one", async () => {
    expect((await api.get(`/v1/accounts/${USER}`)).body.name).to.include({ name: "王芳", kind: "certified" });
    expect((await api.get(`/v1/accounts/${FARM}`)).body.name).to.equal(null);
  });

  it("tells the recognition graph of today and of a block", async () => {
    expect((await api.get("/v1/recognitions")).body.items).to.deep.equal([]);
    const { body } = await api.get("/v1/recognitions?at=6");
    expect(
      body.items.map((one: Record<string, string>) => [
        lower(one.partner as string),
        lower(one.recognised as string),
        one.fromLevel,
      ]),
    ).to.deep.equal([[SHOP, FARM, 5]]);
  });

  describe("flows of a voucher", () => {
    it("sum up each day, days on which nothing moved included", async () => {
      const { body } = await api.get(`/v1/vouchers/${VOUCHER}/flows?days=3`);
      expect(body.items).to.have.length(3);
      const last = new Date(story.timeOf(story.head) * 1_000).toISOString().slice(0, 10);
      expect(body.items.at(-1).day).to.equal(last);
      const { items } = (await api.get(`/v1/vouchers/${VOUCHER}/transfers`)).body;
      const sum = (which: (one: Record<string, unknown>) => boolean) =>
        String(items.filter(which).reduce((all: bigint, { amount }: { amount: string }) => all + BigInt(amount), 0n));
      const total = (name: string) =>
        String(body.items.reduce((all: bigint, day: Record<string, string>) => all + BigInt(day[name] as string), 0n));
      expect(total("allocated")).to.equal(sum(({ sender }) => sender === null));
      expect(total("redeemed")).to.equal(sum(({ recipient }) => recipient === null));
      expect(total("transferred")).to.equal(sum(({ sender, recipient }) => sender !== null && recipient !== null));
      expect(total("movements")).to.equal(String(items.length));
      expect(Number(total("transferred"))).to.be.above(0);
    });

    it("are those up to a block when asked as of it", async () => {
      const first = (await api.get(`/v1/vouchers/${VOUCHER}/transfers`)).body.items.at(-1).blockNumber;
      const { body } = await api.get(`/v1/vouchers/${VOUCHER}/flows?days=1&at=${first}`);
      expect(body.items[0]).to.include({ allocated: "500", transferred: "0", redeemed: "0" });
    });

    it("refuse what is no number of days, and know only vouchers", async () => {
      for (const days of ["0", "367", "x", "1.5", "-1"]) {
        expect((await api.get(`/v1/vouchers/${VOUCHER}/flows?days=${days}`)).status, days).to.equal(400);
      }
      expect((await api.get(`/v1/vouchers/${USER}/flows`)).status).to.equal(404);
    });
  });
});

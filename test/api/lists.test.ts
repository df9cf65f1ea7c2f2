import { expect } from "chai";
import { digest } from "../indexer/fake-chain.ts";
import { recordIdOf } from "../indexer/platform-events.ts";
import { OBJECT, RECORD, SHOP, tellStory, VOUCHER } from "../indexer/story.ts";
import { type ApiServer, startApi } from "./api-server.ts";
import { ABOUT_THE_PAST, LISTS } from "./paths.ts";

describe("query interface as a whole", function () {
  this.timeout(180_000);
  const story = tellStory();
  let api: ApiServer;
  before(async () => {
    api = await startApi(story);
  });
  after(() => api.close());

  const withQuery = (path: string, query: string) => `${path}${path.includes("?") ? "&" : "?"}${query}`;

  describe("search", () => {
    const finds: Record<string, () => [string, string[]]> = {
      "a record's identifier": () => [recordIdOf(RECORD), [`record ${recordIdOf(RECORD)}`]],
      "a digest without 0x": () => [digest("harvest report").slice(2), [`record ${recordIdOf(RECORD)}`]],
      "an object or a key that is the same as its identifier": () => [
        OBJECT,
        [`record ${recordIdOf(RECORD)}`, `object ${OBJECT}`],
      ],
      "an object's key": () => [digest("key"), [`object ${OBJECT}`]],
      "an operation": () => [digest("op 1"), [`operation ${digest("op 1")}`]],
      "a block's number": () => ["6", ["block 6"]],
      "a block's hash": () => [story.blockHash(6), ["block 6"]],
      "a transaction": () => [digest(`${story.blockHash(6)} 2`), ["block 6"]],
      "a signed copy": () => [digest("scan"), ["account 0xA00000000000000000000000000000000000000B"]],
      "an address": () => [
        SHOP,
        ["partner 0xa00000000000000000000000000000000000000c", "account 0xa00000000000000000000000000000000000000c"],
      ],
      "an account ID": () => ["0000 0037", ["account 0xa00000000000000000000000000000000000000d"]],
      "part of a partner's name": () => ["GREEN", ["partner 0xA00000000000000000000000000000000000000B"]],
      "a Chinese name": () => ["农场", ["partner 0xA00000000000000000000000000000000000000B"]],
      "a voucher's name": () => ["tea c", ["voucher 0xA0000000000000000000000000000000000000C9"]],
      "a voucher's symbol": () => ["TEA", ["voucher 0xA0000000000000000000000000000000000000C9"]],
      "a voucher's address": () => [VOUCHER, ["voucher 0xA0000000000000000000000000000000000000C9"]],
      "an account's name": () => ["王", ["account 0xa00000000000000000000000000000000000000d"]],
      "an agreement": () => [digest("agreement"), [`agreement ${digest("agreement")}`]],
      "an agreement by its document": () => [digest("text 2"), [`agreement ${digest("other")}`]],
      "a batch by its root": () => [digest("root"), [`batch ${digest("batch")}`]],
      "an order by its document": () => [digest("order 3"), ["order 3"]],
      "nothing by a wildcard": () => ["%", []],
      "nothing by a digest that nobody recorded": () => [digest("nobody"), []],
      "nothing by an ID with a wrong digit": () => ["0000-0038", []],
      "nothing by a text full of SQL": () => ["'; drop table records; --", []],
      "nothing by blanks": () => [" ", []],
    };
    for (const [what, question] of Object.entries(finds)) {
      it(`finds ${what}`, async () => {
        const [q, expected] = question();
        const { status, body } = await api.get(`/v1/search?q=${encodeURIComponent(q)}`);
        expect(status).to.equal(200);
        expect(body.items.map(({ kind, id }: { kind: string; id: string }) => `${kind} ${id}`)).to.deep.equal(expected);
      });
    }
  });

  describe("lists", () => {
    for (const path of LISTS) {
      it(`give all of ${path.replace(/0x\w+/, ":id")} once and in order, however it is cut into pages`, async () => {
        const whole = (await api.get(path)).body;
        expect(whole.next).to.equal(null);
        for (const limit of [1, 2, 3]) {
          const items: unknown[] = [];
          for (let cursor: string | null = ""; cursor !== null; ) {
            const page: { items: unknown[]; next: string | null } = (
              await api.get(withQuery(path, `limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`))
            ).body;
            expect(page.items.length).to.be.at.most(limit);
            items.push(...page.items);
            cursor = page.next;
          }
          expect(items).to.deep.equal(whole.items);
        }
      });
    }
  });

  describe("questions about the past", () => {
    for (const path of ABOUT_THE_PAST) {
      it(`are answered for ${path.replace(/0x\w+/, ":id")} as they were then`, async () => {
        for (const block of pastBlocks) {
          const then = await (past.get(block) as ApiServer).get(path);
          const now = await api.get(withQuery(path, `at=${block}`));
          expect(now.status, `block ${block}`).to.equal(then.status);
          if (then.status === 200) expect(now.body, `block ${block}`).to.deep.equal(then.body);
        }
      });
    }

    const pastBlocks = [4, 7, 9, 11, 12, 17];
    const past = new Map<number, ApiServer>();
    before(async () => {
      for (const block of pastBlocks) past.set(block, await startApi(story.copy(block)));
    });
    after(async () => {
      for (const server of past.values()) await server.close();
    });
  });
});

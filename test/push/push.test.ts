import { expect } from "chai";
import { Webhook } from "standardwebhooks";
import { change, replay, rotateSecret, sendAgain, subscribe } from "../../src/push/manage.ts";
import { Push, type PushOptions } from "../../src/push/push.ts";
import { secretText } from "../../src/push/webhook-signature.ts";
import { listDeliveries } from "../../src/store/queries/push/deliveries.ts";
import { readPushPosition } from "../../src/store/queries/push/position.ts";
import { findSubscription, type SubscriptionRow } from "../../src/store/queries/push/subscriptions.ts";
import { rewind } from "../../src/store/rewind.ts";
import { onEachDatabase } from "../store/databases.ts";
import { Receiver } from "./receiver.ts";
import { CHAIN_ID, fastClock, index, until } from "./said.ts";

const RULES = { allowPrivate: true, now: Date.now() };
const OWNER = "a business system";
const recorded = (kind: number) => ({ type: "records.recorded", data: { kind } });

describe("webhooks", () => {
  onEachDatabase((database) => {
    let receiver: Receiver;
    let running: Push[];

    beforeEach(async () => {
      receiver = await Receiver.start();
      running = [];
      await index(database(), 0, []);
    });
    afterEach(async () => {
      receiver.stop();
      await Promise.all(running.map((push) => push.stop()));
    });

    async function start(options: Partial<PushOptions> = {}): Promise<Push> {
      const push = new Push({ db: database(), chainId: CHAIN_ID, allowPrivate: true, pollInterval: 5, ...options });
      running.push(push);
      await push.start();
      return push;
    }

    const make = (filter: unknown = {}, fromBlock?: number, url = receiver.url): Promise<SubscriptionRow> =>
      subscribe(database(), OWNER, { url, filter, ...(fromBlock === undefined ? {} : { fromBlock }) }, RULES);

    it("tell what happens from now on, in order, as signed CloudEvents", async () => {
      const push = await start();
      await index(database(), 1, [recorded(1)]);
      push.nudge();
      await until(async () => (await readPushPosition(database())).block === 1);
      const { secret } = await make({ types: ["records.*"] });
      const ids = await index(database(), 2, [recorded(2), { type: "voucher.uri" }, recorded(3)]);
      ids.push(...(await index(database(), 3, [recorded(4)])));
      await until(() => receiver.received.length === 3);
      expect(receiver.ids).to.deep.equal([ids[0], ids[2], ids[3]]);
      const [first] = receiver.received;
      expect(first?.event).to.deep.include({
        ...{ specversion: "1.0", source: "/chains/8420", type: "brop.records.recorded", subject: "0xaa" },
        ...{ data: { kind: 2 }, blocknumber: 2, logindex: 0, time: new Date(1_800_000_006_000).toISOString() },
      });
      expect(first?.headers).to.include({ "content-type": "application/cloudevents+json", "webhook-id": ids[0] });
      const library = new Webhook(secretText(secret));
      for (const { body, headers } of receiver.received) library.verify(body, headers as Record<string, string>);
    });

    it("tell each subscription what its filter lets through", async () => {
      await start();
      const other = await Receiver.start();
      await make({ where: { kind: 1 } });
      await make({ types: ["records.recorded"], where: { kind: [2, 3] } }, undefined, other.url);
      const ids = await index(database(), 1, [recorded(1), recorded(2), recorded(3), { type: "block.added" }]);
      await until(() => receiver.received.length === 1 && other.received.length === 2);
      expect(receiver.ids).to.deep.equal([ids[0]]);
      expect(other.ids).to.deep.equal([ids[1], ids[2]]);
      other.stop();
    });

    it("go on where the process before was killed: nothing lost, nothing out of order", async () => {
      const first = await start();
      await make();
      const ids = await index(database(), 1, [recorded(1), recorded(2), recorded(3)]);
      receiver.answer = (_, count) => (count === 2 ? "silence" : 204);
      await until(() => receiver.received.length === 2);
      // The second is under way when the process ends; its receiver may have taken it or not.
      receiver.answer = () => 204;
      const stopped = first.stop();
      running = [];
      ids.push(...(await index(database(), 2, [recorded(4)])));
      await start();
      await until(() => receiver.received.length === 5);
      expect(receiver.ids).to.deep.equal([ids[0], ids[1], ids[1], ids[2], ids[3]]);
      receiver.stop();
      await stopped;
    });

    it("come again until they are taken, and those behind wait for their turn", async () => {
      const clock = fastClock(1_000);
      await start({ clock });
      const { id } = await make();
      receiver.answer = (_, count) => (count <= 3 ? 503 : 200);
      const ids = await index(database(), 1, [recorded(1), recorded(2)]);
      await until(() => receiver.received.length === 5);
      expect(receiver.ids).to.deep.equal([ids[0], ids[0], ids[0], ids[0], ids[1]]);
      await until(async () => (await listDeliveries(database(), id, "delivered", undefined, 10)).length === 2);
      const [second, first] = await listDeliveries(database(), id, undefined, undefined, 10);
      expect(first).to.include({ attempts: 4, responseStatus: 200, failure: null });
      expect(second).to.include({ attempts: 1, responseStatus: 200 });
    });

    it("do not wait for somebody else's receiver", async () => {
      await start();
      const dead = await Receiver.start();
      dead.answer = () => "silence";
      await make({}, undefined, dead.url);
      await make();
      await index(database(), 1, [recorded(1), recorded(2)]);
      await until(() => receiver.received.length === 2);
      expect(dead.received).to.have.length(1);
      dead.stop();
    });

    it("are given up after three days, and told again on demand with the same id", async () => {
      const clock = fastClock(300_000);
      await start({ clock });
      const { id } = await make();
      receiver.answer = ({ event }) => (event.data.kind === 1 ? 500 : 204);
      const ids = await index(database(), 1, [recorded(1)]);
      await until(async () => (await listDeliveries(database(), id, "dead", undefined, 10)).length === 1);
      const [dead] = await listDeliveries(database(), id, "dead", undefined, 10);
      expect(dead).to.include({ responseStatus: 500, failure: "answered 500" });
      expect(dead?.attempts).to.be.greaterThan(8);
      // The next one does not wait for it.
      ids.push(...(await index(database(), 2, [recorded(2)])));
      await until(() => receiver.ids.includes(ids[1] as string));
      receiver.answer = () => 204;
      expect(await sendAgain(database(), id, "dead", clock.now())).to.equal(1);
      await until(async () => (await listDeliveries(database(), id, "delivered", undefined, 10)).length === 2);
      expect(receiver.ids.at(-1)).to.equal(ids[0]);
    });

    it("end for a receiver that says it is gone", async () => {
      await start();
      const { id } = await make();
      receiver.answer = () => 410;
      await index(database(), 1, [recorded(1), recorded(2)]);
      await until(async () => (await findSubscription(database(), id))?.status === "disabled");
      await index(database(), 2, [recorded(3)]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(receiver.received).to.have.length(1);
    });

    it("do not follow a redirection: it is a refusal", async () => {
      await start();
      const other = await Receiver.start();
      const { id } = await make();
      receiver.answer = () => ({ status: 307, headers: { location: other.url } });
      await index(database(), 1, [recorded(1)]);
      await until(async () => (await listDeliveries(database(), id, "pending", undefined, 1))[0]?.attempts === 1);
      expect((await listDeliveries(database(), id, "pending", undefined, 1))[0]?.failure).to.equal("answered 307");
      expect(other.received).to.have.length(0);
      other.stop();
    });

    it("wait as long as a receiver asks for", async () => {
      const clock = fastClock(1);
      await start({ clock });
      const { id } = await make();
      receiver.answer = () => ({ status: 429, headers: { "retry-after": "7200" } });
      await index(database(), 1, [recorded(1)]);
      await until(async () => (await listDeliveries(database(), id, "pending", undefined, 1))[0]?.attempts === 1);
      const [delivery] = await listDeliveries(database(), id, "pending", undefined, 1);
      expect((delivery?.dueAt ?? 0) - clock.now()).to.be.within(7_100_000, 7_200_000);
    });

    it("never reach a private address unless the operator allows it", async () => {
      await start({ allowPrivate: false });
      const { id } = await make();
      await index(database(), 1, [recorded(1)]);
      await until(async () => (await listDeliveries(database(), id, "pending", undefined, 1))[0]?.attempts === 1);
      expect(receiver.received).to.have.length(0);
    });

    it("begin with a block of the past where that is asked for, before what happens meanwhile", async () => {
      await start();
      const ids: string[] = [];
      for (let block = 1; block <= 20; block++) ids.push(...(await index(database(), block, [recorded(block)])));
      await make({ where: { kind: { gte: 5 } } }, 3);
      ids.push(...(await index(database(), 21, [recorded(21)])));
      await until(() => receiver.received.length === 17);
      expect(receiver.ids).to.deep.equal(ids.slice(4));
    });

    it("begin with a block that is still to come where that is asked for", async () => {
      await start();
      await make({}, 3);
      await index(database(), 1, [recorded(1)]);
      await index(database(), 2, [recorded(2)]);
      const ids = await index(database(), 3, [recorded(3)]);
      ids.push(...(await index(database(), 4, [recorded(4)])));
      await until(() => receiver.received.length === 2);
      expect(receiver.ids).to.deep.equal(ids);
    });

    it("are replayed from any block with the ids that they had", async () => {
      const push = await start();
      const { id } = await make();
      const ids = await index(database(), 1, [recorded(1)]);
      ids.push(...(await index(database(), 2, [recorded(2), recorded(3)])));
      await until(() => receiver.received.length === 3);
      await replay(database(), id, 2);
      push.nudge();
      await until(() => receiver.received.length === 5);
      expect(receiver.ids).to.deep.equal([...ids, ids[1], ids[2]]);
    });

    it("gather while a subscription is paused", async () => {
      const push = await start();
      const { id } = await make();
      await change(database(), id, { status: "paused" }, RULES);
      push.nudge();
      const ids = await index(database(), 1, [recorded(1), recorded(2)]);
      await until(async () => (await listDeliveries(database(), id, "pending", undefined, 10)).length === 2);
      expect(receiver.received).to.have.length(0);
      await change(database(), id, { status: "active" }, RULES);
      push.nudge();
      await until(() => receiver.received.length === 2);
      expect(receiver.ids).to.deep.equal(ids);
    });

    it("are signed with both secrets for a day after a change of the secret", async () => {
      await start();
      const before = await make();
      const secret = await rotateSecret(database(), before, Date.now());
      await index(database(), 1, [recorded(1)]);
      await until(() => receiver.received.length === 1);
      const { body, headers } = receiver.received[0] as (typeof receiver.received)[number];
      for (const one of [before.secret, secret]) {
        new Webhook(secretText(one)).verify(body, headers as Record<string, string>);
      }
    });

    it("change over at once to another receiver, though the former one is waited for", async () => {
      const push = await start();
      const dead = await Receiver.start();
      dead.answer = () => 500;
      const { id } = await make({}, undefined, dead.url);
      const ids = await index(database(), 1, [recorded(1)]);
      await until(() => dead.received.length === 1);
      await change(database(), id, { url: receiver.url }, RULES);
      await sendAgain(database(), id, { block: 1, log: 0 }, Date.now());
      push.nudge();
      await until(() => receiver.received.length === 1);
      expect(receiver.ids).to.deep.equal(ids);
      dead.stop();
    });

    it("of a block that a development chain lost are those of the block that came instead", async () => {
      await start();
      await make();
      const [lost] = await index(database(), 1, [recorded(1)]);
      await until(() => receiver.received.length === 1);
      await database().transaction(async (tx) => {
        await rewind(tx, 0);
        await tx.query("update chain set block_number = 0", []);
      });
      const [instead] = await index(database(), 1, [recorded(2)], "another branch");
      await until(() => receiver.received.length === 2);
      expect(receiver.ids).to.deep.equal([lost, instead]);
      expect(instead).to.not.equal(lost);
    });
  });
});

import { expect } from "chai";
import { countSubscriptions, readPushBacklog } from "../../../src/store/queries/push/backlog.ts";
import { insertDeliveries } from "../../../src/store/queries/push/deliveries.ts";
import { insertSubscription, type SubscriptionStatus } from "../../../src/store/queries/push/subscriptions.ts";
import { readQuotaUse } from "../../../src/store/queries/quota-use.ts";
import { onEachDatabase } from "../databases.ts";

const bytes = (byte: number) => new Uint8Array(20).fill(byte);

describe("queries for measurements", () => {
  onEachDatabase((database) => {
    async function subscription(id: string, status: SubscriptionStatus): Promise<void> {
      await insertSubscription(database(), {
        ...{ id, owner: "o", url: "https://a.example", description: "", filter: {}, secret: bytes(1), status },
        ...{ createdAt: 1, catchUpBlock: null, catchUpUntil: null, firstBlock: null },
      });
    }

    it("tell what active subscriptions wait for, and for how many blocks nobody was looked for", async () => {
      expect(await readPushBacklog(database())).to.deep.equal({ pending: 0, oldest: null, lag: 0 });
      await database().query(
        "insert into chain (chain_id, genesis_hash, block_number, block_hash) values (1, $1, 50, $1)",
        [new Uint8Array(32)],
      );
      await database().query("insert into push_position (block_number) values (45)", []);
      await subscription("sub_a", "active");
      await subscription("sub_b", "paused");
      const delivery = (to: string, block: number) => ({ subscription: to, block, log: 0 });
      await insertDeliveries(database(), [delivery("sub_a", 1), delivery("sub_a", 2)], 7_000);
      await insertDeliveries(database(), [delivery("sub_a", 3)], 9_000);
      await insertDeliveries(database(), [delivery("sub_b", 1)], 1_000);
      expect(await readPushBacklog(database())).to.deep.equal({ pending: 3, oldest: 7_000, lag: 5 });
      expect(await countSubscriptions(database())).to.deep.equal({ active: 1, paused: 1, disabled: 0 });
    });

    it("sum up the quota that was used above a block", async () => {
      expect(await readQuotaUse(database(), -1)).to.deep.equal({ points: 0, operations: 0, payers: 0 });
      const charge = (account: number, payer: number, points: string, operations: number, block: number) =>
        database().query(
          "insert into quota_charges (account, payer, points, operations, block_number) values ($1, $2, $3, $4, $5)",
          [bytes(account), bytes(payer), points, operations, block],
        );
      await charge(1, 1, "100", 1, 10);
      await charge(1, 1, "250", 2, 11);
      await charge(2, 9, "30", 1, 12);
      await charge(3, 9, "20", 1, 12);
      expect(await readQuotaUse(database(), 10)).to.deep.equal({ points: 300, operations: 4, payers: 2 });
    });
  });
});

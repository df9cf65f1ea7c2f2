import { expect } from "chai";
import { announceExpired } from "../../src/store/queries/operation-pool/announce-expired.ts";
import { onEachDatabase } from "../store/databases.ts";
import { Fakes, newSubmission } from "./fakes.ts";

describe("submissions that expired", () => {
  onEachDatabase((database) => {
    it("are told like any other operation, once, also when no relay ever took them", async () => {
      const fakes = new Fakes(database());
      const signed = newSubmission({ deadline: 110 });
      const [unsigned, included, later] = [
        newSubmission({ deadline: 110, state: "received" }),
        newSubmission({ deadline: 110 }),
        newSubmission({ deadline: 111 }),
      ];
      await fakes.add(signed, unsigned, included, later);
      await fakes.chain.include(included);
      await database().query("insert into events values (110, 0, 'block.added', null, null, '{}')", []);
      for (const _ of [1, 2]) await announceExpired(database(), 110, 110);
      const told = await database().query<{ data: { userOpHash: string } }>(
        "select data from events where type = 'operation.expired'",
        [],
      );
      expect(told.map(({ data }) => data.userOpHash)).to.deep.equal([signed.hash]);
    });
  });
});

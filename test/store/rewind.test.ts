import { expect } from "chai";
import { Changes } from "../../src/store/changes.ts";
import type { Database } from "../../src/store/database.ts";
import { rewind } from "../../src/store/rewind.ts";
import { onEachDatabase } from "./databases.ts";

const WORD = "ab".repeat(32);
const PARTNER = "01".repeat(20);
const OTHER = "02".repeat(20);

type Version = [level: number, from: number, log: number, to: number | null];

describe("versioned tables", () => {
  onEachDatabase((database) => {
    /** The recognition of OTHER by PARTNER set at each [block, log, level], one write a list. */
    async function recognise(...writes: [block: number, log: number, level: number][][]): Promise<void> {
      for (const steps of writes) {
        const changes = new Changes();
        for (const [block, log, from_level] of steps) {
          const state = { from_level, transaction_hash: WORD };
          changes.set("recognitions", { partner: PARTNER, recognised: OTHER }, { block, log }, state);
        }
        await database().transaction((tx) => changes.write(tx));
      }
    }

    it("close a version when the next one begins", async () => {
      await recognise([[5, 0, 3]], [[8, 2, 4]]);
      expect(await versions(database())).to.deep.equal([
        [3, 5, 0, 8],
        [4, 8, 2, null],
      ]);
    });

    it("keep a version that ended in the block in which it began", async () => {
      const steps: [number, number, number][] = [
        [5, 0, 3],
        [5, 7, 0],
        [6, 1, 5],
      ];
      const expected: Version[] = [
        [3, 5, 0, 5],
        [0, 5, 7, 6],
        [5, 6, 1, null],
      ];
      await recognise(steps);
      expect(await versions(database())).to.deep.equal(expected);
    });

    it("go back to a block: later versions vanish and what they ended holds again", async () => {
      await recognise(
        [[5, 0, 3]],
        [[8, 2, 4]],
        [
          [8, 3, 5],
          [9, 0, 6],
        ].map((step) => step as [number, number, number]),
      );
      await rewind(database(), 8);
      expect(await versions(database())).to.deep.equal([
        [3, 5, 0, 8],
        [4, 8, 2, 8],
        [5, 8, 3, null],
      ]);
      await rewind(database(), 7);
      expect(await versions(database())).to.deep.equal([[3, 5, 0, null]]);
      await rewind(database(), 4);
      expect(await versions(database())).to.deep.equal([]);
    });

    it("patch only what is there", async () => {
      const changes = new Changes();
      const key = { partner: PARTNER, recognised: OTHER };
      changes.patch("recognitions", key, { block: 1, log: 0 }, { from_level: 9 });
      changes.set("recognitions", key, { block: 2, log: 0 }, { from_level: 3, transaction_hash: WORD });
      changes.patch("recognitions", key, { block: 3, log: 0 }, { from_level: 4 });
      await changes.write(database());
      expect(await versions(database())).to.deep.equal([
        [3, 2, 0, 3],
        [4, 3, 0, null],
      ]);
    });

    it("are all or nothing within the caller's transaction", async () => {
      const failed = database().transaction(async (tx) => {
        const changes = new Changes();
        const state = { from_level: 3, transaction_hash: WORD };
        changes.set("recognitions", { partner: PARTNER, recognised: OTHER }, { block: 1, log: 0 }, state);
        await changes.write(tx);
        throw new Error("no");
      });
      expect(await failed.catch(() => "failed")).to.equal("failed");
      expect(await versions(database())).to.deep.equal([]);
    });
  });
});

async function versions(db: Database): Promise<Version[]> {
  const rows = await db.query<{ from_level: number; from_block: number; from_log: number; to_block: number | null }>(
    "select from_level, from_block, from_log, to_block from recognitions order by from_block, from_log",
    [],
  );
  return rows.map((row) => [row.from_level, row.from_block, row.from_log, row.to_block]);
}

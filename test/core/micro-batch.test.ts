import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { MicroBatch } from "../../src/core/micro-batch.ts";

describe("micro-batches", () => {
  it("give each item its own result, whatever the load", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 3 }),
        async (pauses, most, parallel) => {
          let running = 0;
          let highest = 0;
          const batch = new MicroBatch<number, string>(
            async (items) => {
              expect(items.length).to.be.within(1, most);
              running++;
              highest = Math.max(highest, running);
              await sleep(1);
              running--;
              return items.map((item) => `result ${item}`);
            },
            { wait: 1, most, parallel },
          );
          const results: Promise<string>[] = [];
          for (const [index, pause] of pauses.entries()) {
            if (pause === 0) await sleep(1);
            results.push(batch.add(index));
          }
          await batch.drain();
          expect(running).to.equal(0);
          expect(await Promise.all(results)).to.deep.equal(pauses.map((_, index) => `result ${index}`));
          expect(highest).to.be.at.most(parallel);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("gather what comes in a moment", async () => {
    const sizes: number[] = [];
    const batch = new MicroBatch<number, number>(async (items) => items.map(() => sizes.push(items.length)), {
      wait: 5,
      most: 100,
    });
    await Promise.all(Array.from({ length: 30 }, (_, index) => batch.add(index)));
    expect(sizes[0]).to.equal(30);
  });

  it("fail only the items of the batch that failed", async () => {
    const batch = new MicroBatch<number, number>(
      async (items) => {
        if (items.includes(1)) throw new Error("one");
        return items;
      },
      { wait: 1, most: 1, parallel: 2 },
    );
    const ends = await Promise.allSettled([0, 1, 2].map((item) => batch.add(item)));
    expect(ends.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
  });
});

import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { takeSerialBlock } from "../../../src/store/queries/timestamps/serials.ts";
import { SerialNumbers } from "../../../src/timestamp/authority/serial-numbers.ts";
import { onEachDatabase } from "../../store/databases.ts";

const AUTHORITY = new Uint8Array(32).fill(1);
const zeros = (bytes: number) => new Uint8Array(bytes);

describe("serial numbers of time stamps", () => {
  onEachDatabase((database) => {
    const source = (random: (bytes: number) => Uint8Array = randomBytes, authority = AUTHORITY) =>
      new SerialNumbers({ takeBlock: () => takeSerialBlock(database(), authority), random });

    it("are never given twice, by processes side by side, and by those that come after one that died", async () => {
      const given = new Set<bigint>();
      for (let round = 0; round < 4; round++) {
        // A process that dies is one that is not asked again, at whatever number it was. No chance helps here.
        const processes = [source(zeros), source(zeros), source(zeros)];
        const numbers = await Promise.all(
          Array.from({ length: 60 }, (_, i) => processes[i % 3]?.next() as Promise<bigint>),
        );
        for (const number of numbers) given.add(number);
      }
      expect(given.size).to.equal(240);
    });

    it("of all blocks of a database that was put back to an older state are still apart", async () => {
      const before = await source().next();
      await database().query("delete from timestamp_serials", []);
      expect(await source().next()).not.to.equal(before);
    });

    it("begin anew for another certificate", async () => {
      await source(zeros).next();
      const other = new Uint8Array(32).fill(2);
      const first = await source(zeros, other).next();
      await database().query("delete from timestamp_serials", []);
      expect(await source(zeros).next()).to.equal(first);
    });
  });

  it("go on in a new block when one is used up, are positive, and have at most 160 bits", async () => {
    let blocks = 0;
    const serials = new SerialNumbers({
      takeBlock: async () => blocks++,
      random: (bytes) => new Uint8Array(bytes).fill(0xff),
    });
    let last = 0n;
    for (let count = 0; count < 66_000; count++) {
      const next = await serials.next();
      expect(next > last, "rises").to.equal(true);
      last = next;
    }
    expect(blocks).to.equal(2);
    const late = new SerialNumbers({ takeBlock: async () => Number.MAX_SAFE_INTEGER - 1, random: zeros });
    expect((await late.next()).toString(2).length).to.be.at.most(159);
  });

  it("are not given while no block is to be had, and are again afterwards", async () => {
    let fails = true;
    const serials = new SerialNumbers({
      takeBlock: async () => {
        if (fails) throw new Error("the database is gone");
        return 5;
      },
      random: zeros,
    });
    const both = await Promise.allSettled([serials.next(), serials.next()]);
    expect(both.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    fails = false;
    expect(await serials.next()).to.equal(6n << 72n);
  });
});

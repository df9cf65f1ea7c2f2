import { expect } from "chai";
import { type Brop, BropError } from "../../src/sdk/index.ts";
import { patiently } from "../../src/sdk/patience.ts";
import { rejectionCode } from "../support/rejection.ts";

/** A chain that is one block higher each time that it is asked. */
function chainAt(block: number): Brop {
  let head = block;
  return { provider: { getBlockNumber: async () => head++ } } as unknown as Brop;
}

const exhausted = (availableAtBlock: string) => new BropError("quota.exhausted", { missing: "1", availableAtBlock });

const neverToWait = (block: number) => expect.fail(`waited for block ${block}`);

describe("patiently", () => {
  it("does it again at the block where the points are there", async () => {
    const waits: number[] = [];
    let tries = 0;
    const result = await patiently(
      chainAt(10),
      async () => {
        if (tries++ === 0) throw exhausted("12");
        return "done";
      },
      (block) => waits.push(block),
    );
    expect({ result, tries, waits }).to.deep.equal({ result: "done", tries: 2, waits: [12] });
  });

  it("does not wait for points that come too late or never", async () => {
    for (const block of ["1000", String(2n ** 256n - 1n)]) {
      const refused = patiently(chainAt(10), () => Promise.reject(exhausted(block)), neverToWait);
      expect(await rejectionCode(refused)).to.equal("quota.exhausted");
    }
  });

  it("passes every other error on", async () => {
    const error = new BropError("operation.expired", {});
    const refused = patiently(chainAt(10), () => Promise.reject(error), neverToWait);
    expect(await rejectionCode(refused)).to.equal("operation.expired");
  });
});

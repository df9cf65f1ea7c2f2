import { expect } from "chai";
import { progressOf } from "../../../src/platform/services/index-progress.ts";

describe("progress of the index", () => {
  const status = (indexed: number, secondsLeft: number | null) => {
    return { chainId: 1, head: 1_000, indexed, running: true, error: null, secondsLeft };
  };

  it("is a bar with the block and the time that is left", () => {
    expect(progressOf(status(500, 42), 1_000)).to.equal(" ████████████░░░░░░░░░░░░ 50 %, block 500, about 42 s left");
    expect(progressOf(status(999, 300), 1_000))
      .to.include("99 %")
      .and.include("5 min");
    expect(progressOf(status(2_000, 9_000), 1_000))
      .to.include("100 %")
      .and.include("2.5 h");
  });

  it("is nothing while the time can not be told, or there is nothing to do", () => {
    expect(progressOf(status(500, null), 1_000)).to.equal("");
    expect(progressOf(status(-1, 5), 0)).to.equal("");
  });
});

import { expect } from "chai";
import { formatBytes } from "../../../src/web/format/bytes.ts";

describe("web: sizes", () => {
  it("chooses the unit that reads best", () => {
    expect(formatBytes(1, "en")).to.equal("1 byte");
    expect(formatBytes(999, "en")).to.equal("999 bytes");
    expect(formatBytes(3_240_000, "en")).to.equal("3.2 MB");
    expect(formatBytes(104_857_600, "en")).to.equal("105 MB");
    expect(formatBytes(7e15, "en")).to.equal("7,000 TB");
  });
});

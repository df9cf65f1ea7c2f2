import { expect } from "chai";
import { columns, details, printable, widthOf } from "../../src/cli/table.ts";

describe("Tables for terminals", () => {
  it("makes columns as wide as they need to be", () => {
    expect(
      columns([
        ["a", "bb", "c"],
        ["aaa", "b", ""],
      ]),
    ).to.equal("a    bb  c\naaa  b");
  });

  it("counts Chinese characters as two columns", () => {
    expect(widthOf("银行 A")).to.equal(6);
    expect(
      columns([
        ["银行", "1"],
        ["bank", "2"],
      ]),
    ).to.equal("银行  1\nbank  2");
  });

  it("leaves out what is not given", () => {
    expect(
      details([
        ["name", "Ann"],
        ["sponsor", undefined],
      ]),
    ).to.equal("name  Ann");
  });

  it("shows nothing that moves the cursor or turns the direction of writing", () => {
    expect(printable("a\u001b[2Jb\u202ec\rd\u0007")).to.equal("a\ufffd[2Jb\ufffdc\ufffdd\ufffd");
    expect(printable("Tea 茶 é")).to.equal("Tea 茶 é");
  });
});

import { expect } from "chai";
import { readPromql } from "./support/promql.ts";

describe("reading PromQL", () => {
  it("finds every name, label and grouping", () => {
    const expr = 'sum by (node) (rate(a_total{x="1", y=~"z"}[5m])) / on (network) group_left b{job="c"} > 3 or d';
    const { selectors, groupings } = readPromql(expr);
    expect(selectors).to.deep.equal([
      {
        name: "a_total",
        matchers: [
          { label: "x", equals: "1" },
          { label: "y", equals: undefined },
        ],
      },
      { name: "b", matchers: [{ label: "job", equals: "c" }] },
      { name: "d", matchers: [] },
    ]);
    expect(groupings).to.deep.equal(["node", "network"]);
  });

  it("refuses what is none", () => {
    expect(() => readPromql("sum by (a (b)")).to.throw("no PromQL");
  });
});

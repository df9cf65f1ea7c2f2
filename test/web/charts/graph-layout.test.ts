import { expect } from "chai";
import { type Edge, HEIGHT, layOut, WIDTH } from "../../../src/web/charts/graph-layout.ts";

const edge = (from: string, to: string): Edge => ({ from, to, label: "5" });

describe("web: layout of a graph", () => {
  it("gives every node a place of its own inside the picture", () => {
    for (const count of [2, 3, 12, 40]) {
      const { nodes } = layOut(
        Array.from({ length: count }, (_, index) => edge(`n${index}`, `n${(index + 1) % count}`)),
      );
      const places = [...nodes.values()];
      expect(new Set(places.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)).size).to.equal(count);
      for (const { x, y } of places) {
        expect(x).to.be.within(0, WIDTH);
        expect(y).to.be.within(0, HEIGHT);
      }
    }
  });

  it("puts the one that it is about into the middle", () => {
    const { nodes } = layOut([edge("a", "b"), edge("c", "a")], "a");
    expect(nodes.get("a")).to.deep.equal({ x: WIDTH / 2, y: HEIGHT / 2 });
  });

  it("draws each arrow from one node's mark to the other's, and none from a node to itself", () => {
    const { lines, nodes } = layOut([edge("a", "b"), edge("b", "a"), edge("a", "a")]);
    expect(lines.map(({ from, to }) => from + to)).to.deep.equal(["ab", "ba"]);
    for (const { from, to, start, end } of lines) {
      const [first, last] = [nodes.get(from), nodes.get(to)];
      expect(Math.hypot(start.x - (first?.x ?? 0), start.y - (first?.y ?? 0))).to.be.within(10, 20);
      expect(Math.hypot(end.x - (last?.x ?? 0), end.y - (last?.y ?? 0))).to.be.within(10, 20);
    }
    expect(lines[0]?.middle).not.to.deep.equal(lines[1]?.middle);
  });
});

import { expect } from "chai";
import { DASHBOARDS } from "../../../src/network/monitoring/contents.ts";
import { grafanaDashboard } from "../../../src/network/monitoring/dashboards/grafana-json.ts";

interface Placed {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string }[];
}

describe("dashboards", () => {
  it("are one for each thing, with a title, a description and panels that say what one sees", () => {
    expect(DASHBOARDS.map(({ uid }) => uid)).to.deep.equal([
      ...["brop-chain", "brop-nodes", "brop-services", "brop-quota", "brop-push"],
    ]);
    for (const { title, description, rows } of DASHBOARDS) {
      expect(title).to.match(/^BROP: /);
      expect(description).to.have.length.greaterThan(20);
      const panels = rows.flatMap((row) => row.panels);
      expect(new Set(panels.map((panel) => `${panel.kind} ${panel.title}`)).size).to.equal(panels.length);
      for (const panel of panels) expect(panel.help, panel.title).to.have.length.greaterThan(3);
    }
  });

  it("lay their panels on Grafana's grid, each at a place of its own", () => {
    for (const dashboard of DASHBOARDS) {
      const { panels } = grafanaDashboard(dashboard) as { panels: Placed[] };
      expect(panels).to.have.lengthOf(dashboard.rows.reduce((sum, { panels }) => sum + panels.length + 1, 0));
      expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
      const taken = new Set<string>();
      for (const { title, gridPos } of panels) {
        expect(gridPos.x + gridPos.w, title).to.be.at.most(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            expect(taken.has(`${x} ${y}`), `${dashboard.title}: ${title}`).to.equal(false);
            taken.add(`${x} ${y}`);
          }
        }
      }
    }
  });

  it("ask for the network that is chosen, in every query", () => {
    for (const { title, rows } of DASHBOARDS) {
      for (const { queries, title: panel } of rows.flatMap((row) => row.panels)) {
        for (const { expr } of queries) expect(expr, `${title}: ${panel}`).to.contain('network=~"$network"');
      }
    }
  });
});

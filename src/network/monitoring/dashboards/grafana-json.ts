import type { Dashboard, Panel, Row } from "./dashboard.ts";

const COLUMNS = 24;
const HEIGHTS = { lines: 8, stat: 4, table: 8 };
const WIDTHS = { lines: 8, stat: 4, table: 12 };
const TYPES = { lines: "timeseries", stat: "stat", table: "table" };
const DATASOURCE = { type: "prometheus", uid: "$datasource" };
/** Of Grafana's dashboard format; newer versions of Grafana read it. */
const SCHEMA_VERSION = 39;

/** A dashboard in the form that Grafana imports and its provisioning reads. */
export function grafanaDashboard({ uid, title, description, rows }: Dashboard): object {
  return {
    ...{ id: null, uid, title, description, tags: ["brop"], schemaVersion: SCHEMA_VERSION, version: 1 },
    ...{ editable: true, refresh: "15s", time: { from: "now-6h", to: "now" }, timezone: "browser" },
    templating: {
      list: [
        { name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus" },
        {
          ...{ name: "network", label: "Network", type: "query", datasource: DATASOURCE, refresh: 2, sort: 1 },
          query: { query: NETWORK_QUERY, refId: "network" },
        },
      ],
    },
    panels: place(rows),
  };
}

/** Names of networks that the variable `network` offers. */
export const NETWORK_QUERY = "label_values(up, network)";

/** Panels from left to right, rows below each other. */
function place(rows: readonly Row[]): object[] {
  const placed: object[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push({
      id: placed.length + 1,
      type: "row",
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
    });
    y++;
    let x = 0;
    let height = 0;
    for (const panel of panels) {
      const { w, h } = sizeOf(panel);
      if (x + w > COLUMNS) {
        [x, y, height] = [0, y + height, 0];
      }
      placed.push({ id: placed.length + 1, ...grafanaPanel(panel), gridPos: { x, y, w, h } });
      x += w;
      height = Math.max(height, h);
    }
    y += height;
  }
  return placed;
}

const sizeOf = ({ kind, width = WIDTHS[kind] }: Panel) => ({ w: width, h: HEIGHTS[kind] });

function grafanaPanel({ title, help, kind, unit, queries, limits }: Panel): object {
  const steps = [
    { color: "green", value: null },
    ...(limits === undefined
      ? []
      : [
          { color: "orange", value: limits[0] },
          { color: "red", value: limits[1] },
        ]),
  ];
  return {
    ...{ type: TYPES[kind], title, description: help, datasource: DATASOURCE },
    targets: queries.map(({ expr, legend }, index) => ({
      ...{ refId: String.fromCharCode("A".charCodeAt(0) + index), datasource: DATASOURCE, expr, legendFormat: legend },
      ...(kind === "lines" ? {} : { instant: true }),
      ...(kind === "table" ? { format: "table" } : {}),
    })),
    fieldConfig: {
      defaults: {
        unit,
        min: kind === "lines" && unit !== "short" ? 0 : undefined,
        thresholds: { mode: "absolute", steps },
      },
      overrides: [],
    },
    ...(kind === "lines"
      ? { options: { legend: { displayMode: "list" }, tooltip: { mode: "multi", sort: "desc" } } }
      : {}),
  };
}

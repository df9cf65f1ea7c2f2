import { ALERT_GROUPS } from "../../../../src/network/monitoring/alerts/rules-file.ts";
import { DASHBOARDS } from "../../../../src/network/monitoring/contents.ts";
import { NETWORK_QUERY } from "../../../../src/network/monitoring/dashboards/grafana-json.ts";

/** Every expression of alerts and dashboards, with where it stands. */
export function allExpressions(): { place: string; expr: string }[] {
  const alerts = ALERT_GROUPS.flatMap(({ alerts }) =>
    alerts.map(({ name, expr }) => ({ place: `alert ${name}`, expr })),
  );
  const panels = DASHBOARDS.flatMap(({ title, rows }) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap((panel) => panel.queries.map(({ expr }) => ({ place: `${title}: ${panel.title}`, expr }))),
    ),
  );
  const [, metric = "", label = ""] = /^label_values\((\w+), (\w+)\)$/.exec(NETWORK_QUERY) ?? [];
  return [...alerts, ...panels, { place: "variable network", expr: `count by (${label}) (${metric})` }];
}

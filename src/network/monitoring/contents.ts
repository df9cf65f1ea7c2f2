import { readFileSync } from "node:fs";
import type { NetworkRecord } from "../record.ts";
import { ALERT_GROUPS, rulesFile } from "./alerts/rules-file.ts";
import { CHAIN_DASHBOARD } from "./dashboards/chain.ts";
import type { Dashboard } from "./dashboards/dashboard.ts";
import { grafanaDashboard } from "./dashboards/grafana-json.ts";
import { NODES_DASHBOARD } from "./dashboards/nodes.ts";
import { PUSH_DASHBOARD } from "./dashboards/push.ts";
import { QUOTA_DASHBOARD } from "./dashboards/quota.ts";
import { SERVICES_DASHBOARD } from "./dashboards/services.ts";
import { targetLists } from "./targets.ts";

export const DASHBOARDS: readonly Dashboard[] = [
  ...[CHAIN_DASHBOARD, NODES_DASHBOARD, SERVICES_DASHBOARD, QUOTA_DASHBOARD, PUSH_DASHBOARD],
];

const FOLDER = new URL("../../../network/monitoring/", import.meta.url);
/** What is the same for every network. */
const FIXED = [
  ...["README.md", "compose.yaml", "prometheus/prometheus.yml", "alertmanager/alertmanager.yml"],
  ...["grafana/provisioning/datasources/prometheus.yaml", "grafana/provisioning/dashboards/brop.yaml"],
];

/** The files of a folder with which Prometheus, Alertmanager and Grafana watch a network, by their paths. */
export function monitoringContents(record: Pick<NetworkRecord, "name" | "nodes">, at: string): Record<string, string> {
  const { nodes, services, machines } = targetLists(record, at);
  return {
    ...Object.fromEntries(FIXED.map((path) => [path, readFileSync(new URL(path, FOLDER), "utf8")])),
    "prometheus/targets/nodes.json": json(nodes),
    "prometheus/targets/services.json": json(services),
    "prometheus/targets/machines.json": json(machines),
    ...Object.fromEntries(ALERT_GROUPS.map((group) => [`prometheus/rules/${group.name}.yml`, rulesFile([group])])),
    ...Object.fromEntries(
      DASHBOARDS.map((dashboard) => [`grafana/dashboards/${dashboard.uid}.json`, json(grafanaDashboard(dashboard))]),
    ),
  };
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

import { stringify } from "yaml";
import type { Alert, AlertGroup } from "./alert.ts";
import { CHAIN_ALERTS } from "./chain.ts";
import { MACHINE_ALERTS } from "./machines.ts";
import { NODE_ALERTS } from "./nodes.ts";
import { PUSH_ALERTS } from "./push.ts";
import { QUOTA_ALERTS } from "./quota.ts";
import { SERVICE_ALERTS } from "./services.ts";

export const ALERT_GROUPS: readonly AlertGroup[] = [
  ...[CHAIN_ALERTS, NODE_ALERTS, MACHINE_ALERTS, SERVICE_ALERTS, PUSH_ALERTS, QUOTA_ALERTS],
];

/** The alerts as Prometheus reads them. */
export function rulesFile(groups: readonly AlertGroup[]): string {
  return stringify({ groups: groups.map(({ name, alerts }) => ({ name, rules: alerts.map(rule) })) }, { lineWidth: 0 });
}

function rule({ name, expr, for: holds, severity, summary, runbook }: Alert): object {
  return {
    ...{ alert: name, expr, for: holds, labels: { severity } },
    annotations: { summary, runbook: `docs/operations/${runbook}` },
  };
}

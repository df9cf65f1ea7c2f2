/** A rule that tells somebody to act. */
export interface Alert {
  /** In capitals, as Prometheus' rules are named. */
  name: string;
  /** `critical`: somebody is called; `warning`: somebody looks at it on the same day. */
  severity: "critical" | "warning";
  /** PromQL: holds while there is a reason. */
  expr: string;
  /** How long it has to hold, as Prometheus writes durations. */
  for: string;
  /** What is wrong, for whoever is called. Values of labels as `{{ $labels.node }}`. */
  summary: string;
  /** Page of `docs/operations` that says what to do. */
  runbook: string;
}

/** Alerts about one thing. */
export interface AlertGroup {
  name: string;
  alerts: readonly Alert[];
}

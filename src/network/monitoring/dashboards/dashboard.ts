/** Grafana's names of units. */
export type Unit =
  | "short"
  | "none"
  | "s"
  | "bytes"
  | "percentunit"
  | "ops"
  | "reqps"
  | "dateTimeFromNow"
  /** One or zero. */
  | "bool_yes_no";

export interface Query {
  expr: string;
  /** Name of the line, with labels as `{{node}}`. */
  legend: string;
}

export interface Panel {
  title: string;
  /** What one sees, and what would be wrong. */
  help: string;
  /** `lines`: course in time; `stat`: the newest value, large; `table`: the newest values by their labels. */
  kind: "lines" | "stat" | "table";
  unit: Unit;
  queries: readonly Query[];
  /** Of 24 columns; a third without it, a sixth for `stat`. */
  width?: number;
  /** Values from which on it is coloured: first orange, then red. */
  limits?: readonly [warning: number, critical: number];
}

export interface Row {
  title: string;
  panels: readonly Panel[];
}

export interface Dashboard {
  /** Stands in its address. */
  uid: string;
  title: string;
  description: string;
  rows: readonly Row[];
}

/** A panel of lines with one query. */
export function lines(title: string, unit: Unit, expr: string, legend: string, help: string): Panel {
  return { title, help, kind: "lines", unit, queries: [{ expr, legend }] };
}

/** A panel with one number. */
export function stat(title: string, unit: Unit, expr: string, help: string, limits?: Panel["limits"]): Panel {
  return {
    title,
    help,
    kind: "stat",
    unit,
    queries: [{ expr, legend: "" }],
    ...(limits === undefined ? {} : { limits }),
  };
}

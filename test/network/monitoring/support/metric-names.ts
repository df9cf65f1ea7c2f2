import { readFileSync } from "node:fs";

/** Series that something exports: their names, each with its labels; undefined where no sample showed them. */
export type Exported = Map<string, ReadonlySet<string> | undefined>;

/** Series of a page in Prometheus' text form, also of those families that have no sample yet. */
export function seriesOf(page: string): Exported {
  const series: Exported = new Map();
  for (const line of page.split("\n")) {
    const [, family, type] = /^# TYPE (\S+) (\w+)$/.exec(line) ?? [];
    if (family !== undefined) for (const name of namesOf(family, type)) series.set(name, series.get(name));
    const [, name, labels = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name !== undefined) series.set(name, new Set([...(series.get(name) ?? []), ...labelsIn(labels)]));
  }
  return series;
}

/** One line a series: its name, then its labels. The form of `test/fixtures/metrics`. */
export function listOf(series: Exported): string {
  return [...series]
    .map(([name, labels]) => [name, ...[...(labels ?? [])].sort()].join(" "))
    .sort()
    .join("\n");
}

/** What was recorded of programs that the tests do not start. */
export function recorded(name: string): Exported {
  const text = readFileSync(new URL(`../../../fixtures/metrics/${name}.txt`, import.meta.url), "utf8");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const [series = "", ...labels] = line.split(" ");
      return [series, new Set(labels)];
    }),
  );
}

function namesOf(family: string, type: string | undefined): string[] {
  if (type === "histogram") return ["_bucket", "_sum", "_count"].map((end) => family + end);
  return type === "summary" ? [family, `${family}_sum`, `${family}_count`] : [family];
}

const labelsIn = (text: string) => [...text.matchAll(/([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g)].map(([, name = ""]) => name);

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { ERRORS } from "../../../src/core/error-table.ts";
import { PLUGIN_RULES } from "../../../src/network/consortium/consortium.ts";
import { killPlatforms, launchPlatform, untilReady } from "../../platform/support/platform-process.ts";
import { allExpressions } from "./support/expressions.ts";
import { type Exported, recorded, seriesOf } from "./support/metric-names.ts";
import { readPromql } from "./support/promql.ts";

const source = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
/** What Prometheus and the target lists add to every series. */
const TARGET_LABELS = ["job", "instance", "network", "node", "kind"];

describe("metrics that alerts and dashboards name", function () {
  this.timeout(120_000);
  const data = mkdtempSync(join(tmpdir(), "brop-metrics-"));
  const exported: Exported = new Map([["up", new Set<string>()]]);
  let page: string;
  let services: Exported;

  before(async () => {
    const { url } = await untilReady(launchPlatform({ data }));
    page = await (await fetch(`${url}/metrics`)).text();
    services = seriesOf(page);
    for (const each of [services, recorded("besu"), recorded("node-exporter")]) {
      for (const [name, labels] of each)
        exported.set(name, new Set([...(exported.get(name) ?? []), ...(labels ?? [])]));
    }
  });
  after(async () => {
    await killPlatforms();
    rmSync(data, { recursive: true, force: true });
  });

  it("are exported by the running platform, by Besu with the plugin, or by the node exporter", () => {
    const missing = allExpressions().flatMap(({ place, expr }) =>
      readPromql(expr)
        .selectors.filter(({ name }) => !exported.has(name))
        .map(({ name }) => `${place}: nothing exports ${name}`),
    );
    expect(missing).to.deep.equal([]);
  });

  it("have the labels that are asked for", () => {
    const strangers = allExpressions().flatMap(({ place, expr }) => {
      const { selectors, groupings } = readPromql(expr);
      const sampled = selectors.every(({ name }) => !services.has(name) || services.get(name) !== undefined);
      const all = new Set([...TARGET_LABELS, ...selectors.flatMap(({ name }) => [...(exported.get(name) ?? [])])]);
      const asked = selectors.flatMap(({ name, matchers }) =>
        matchers
          .filter(({ label }) => !TARGET_LABELS.includes(label) && services.get(name) !== undefined)
          .filter(({ label }) => !exported.get(name)?.has(label))
          .map(({ label }) => `${place}: ${name} has no label ${label}`),
      );
      const grouped = sampled ? groupings.filter((label) => !all.has(label)) : [];
      return [...asked, ...grouped.map((label) => `${place}: nothing has the label ${label}`)];
    });
    expect(strangers).to.deep.equal([]);
  });

  it("are asked for values that there are: jobs, error codes, rules and stages of the plugin", () => {
    const { scrape_configs: jobs } = parse(source("network/monitoring/prometheus/prometheus.yml"));
    const stages = [
      ...source("network/plugin/src/besu/java/org/brop/plugin/besu/Stage.java").matchAll(/^ {2}([A-Z]+)/gm),
    ];
    const known: Record<string, readonly string[]> = {
      job: jobs.map(({ job_name }: { job_name: string }) => job_name),
      code: Object.keys(ERRORS),
      rule: PLUGIN_RULES,
      stage: stages.map(([, name = ""]) => name.toLowerCase()),
    };
    const asked = allExpressions().flatMap(({ expr }) =>
      readPromql(expr).selectors.flatMap(({ matchers }) => matchers),
    );
    const checked = asked.filter(({ label, equals }) => label in known && equals !== undefined);
    expect(checked).to.have.length.greaterThan(10);
    for (const { label, equals } of checked) expect(known[label], label).to.include(equals);
  });

  it("of the plugin are those that its source makes", () => {
    const java = source("network/plugin/src/besu/java/org/brop/plugin/besu/Metrics.java");
    const made = [...java.matchAll(/create\w+\(\s*CATEGORY,\s*"(\w+)"/g)].map(([, name]) => name);
    expect(made).to.have.members(["refusals", "faults", "selection_seconds", "selections_cut"]);
    const named = [...recorded("besu").keys()].filter((name) => name.startsWith("brop_"));
    expect(new Set(named.map((name) => name.replace(/^brop_|_(total|bucket|sum|count)$/g, "")))).to.deep.equal(
      new Set(made),
    );
  });

  it("stand in docs/operations/measurements.md as the platform tells them", () => {
    const row = /^\| `(brop_\w+)(?:\{[\w,]+\})?` \| (.+) \|$/gm;
    const documented = [...source("docs/operations/measurements.md").matchAll(row)];
    expect(documented).to.have.length.greaterThan(45);
    const told = new Map([...page.matchAll(/^# HELP (brop_\w+) (.+)$/gm)].map(([, name, help]) => [name, help]));
    for (const [, name, help] of documented) expect(told.get(name), name).to.equal(help);
  });

  it("of the services are many, in small letters", () => {
    const own = [...services.keys()].filter((name) => name.startsWith("brop_"));
    expect(own).to.have.length.greaterThan(45);
    for (const name of own) expect(name).to.match(/^brop_[a-z]+(_[a-z]+)*$/);
  });
});

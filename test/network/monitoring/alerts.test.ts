import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { ALERT_GROUPS, rulesFile } from "../../../src/network/monitoring/alerts/rules-file.ts";
import { writeMonitoring } from "../../../src/network/monitoring/write.ts";
import { ALERT_CASES, type AlertCase, type Series } from "./support/alert-cases.ts";
import { NODES } from "./support/nodes.ts";
import { readPromql } from "./support/promql.ts";
import { run, whyNo } from "./support/promtool.ts";

const alerts = ALERT_GROUPS.flatMap((group) => group.alerts);

describe("alerts", () => {
  it("have names of their own, words for whoever is called, and a case that shows what they are there for", () => {
    expect(new Set(alerts.map(({ name }) => name)).size).to.equal(alerts.length);
    for (const { name, severity, expr, for: holds, summary, runbook } of alerts) {
      expect(name).to.match(/^[A-Z][A-Za-z]+$/);
      expect(severity).to.be.oneOf(["critical", "warning"]);
      expect(holds, name).to.match(/^\d+[smh]$/);
      expect(summary, name).to.have.length.greaterThan(20);
      expect(runbook, name).to.match(/^[a-z-]+\.md$/);
      expect(readPromql(expr).selectors, name).not.to.have.lengthOf(0);
    }
    expect(Object.keys(ALERT_CASES)).to.have.members(alerts.map(({ name }) => name));
  });

  it("name in their words no label that their expression takes away", () => {
    for (const { name, summary, expr } of alerts) {
      const named = [...summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = ""]) => label);
      const { groupings } = readPromql(expr);
      const kept = expr.includes("group_right") || !/^(sum|max|min|count|histogram_quantile)\b/.test(expr);
      if (kept) continue;
      for (const label of named) expect(groupings, `${name}: ${label}`).to.include(label);
    }
  });

  describe("as Prometheus' own tools see them", function () {
    this.timeout(120_000);
    const folder = mkdtempSync(join(tmpdir(), "brop-alerts-"));

    before(async function () {
      const reason = whyNo("promtool") ?? whyNo("amtool");
      if (reason !== undefined) {
        console.log(`      skipped: ${reason}`);
        return this.skip();
      }
      await writeMonitoring({ name: "n", nodes: [...NODES] }, folder);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("stand in a configuration that both accept", () => {
      run("promtool", "check", "config", join(folder, "prometheus/prometheus.yml"));
      run("amtool", "check-config", join(folder, "alertmanager/alertmanager.yml"));
    });

    it("each fire for what they are there for, and for that only", () => {
      const files = alerts.map((alert) => {
        const { name } = alert;
        const { fires, quiet, at = 40 } = ALERT_CASES[name] as AlertCase;
        writeFileSync(join(folder, `${name}.rules.yml`), rulesFile([{ name, alerts: [alert] }]));
        const tests = [ruleTest(name, fires, at, true), ruleTest(name, quiet, at, false)];
        const file = join(folder, `${name}.tests.yml`);
        const rules = { rule_files: [`${name}.rules.yml`], evaluation_interval: "1m" };
        writeFileSync(file, stringify({ ...rules, tests }));
        return file;
      });
      run("promtool", "test", "rules", ...files);
    });
  });
});

function ruleTest(name: string, series: Series, minutes: number, fires: boolean): object {
  return {
    name: `${name} ${fires ? "fires" : "is quiet"}`,
    interval: "1m",
    input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${name}", alertstate="firing"}) > bool 0`,
        eval_time: `${minutes}m`,
        exp_samples: fires ? [{ labels: "{}", value: 1 }] : [],
      },
    ],
  };
}

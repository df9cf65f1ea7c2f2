package org.brop.plugin.besu;

import java.util.Optional;
import org.brop.plugin.rules.RuleName;
import org.hyperledger.besu.plugin.services.MetricsSystem;
import org.hyperledger.besu.plugin.services.metrics.Counter;
import org.hyperledger.besu.plugin.services.metrics.Histogram;
import org.hyperledger.besu.plugin.services.metrics.LabelledMetric;
import org.hyperledger.besu.plugin.services.metrics.MetricCategory;

/** What Prometheus is told: `brop_refusals_total`, `brop_faults_total`, `brop_selection_seconds`, `brop_selections_cut_total`. */
final class Metrics {
  /** Registered early, because Besu reads `--metrics-category` before it starts the plugins. */
  static final MetricCategory CATEGORY =
      new MetricCategory() {
        @Override
        public String getName() {
          return "brop";
        }

        @Override
        public Optional<String> getApplicationPrefix() {
          return Optional.empty();
        }
      };

  private static final double[] BUCKETS = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5};

  private final LabelledMetric<Counter> refusals;
  private final Counter faults;
  private final Histogram selection;
  private final Counter cut;

  Metrics(MetricsSystem metrics) {
    refusals =
        metrics.createLabelledCounter(
            CATEGORY, "refusals", "Transactions refused, by rule and stage (pool, block, packaging)", "rule", "stage");
    faults = metrics.createCounter(CATEGORY, "faults", "Checks that failed for an inner reason; the transaction was refused");
    selection =
        metrics.createHistogram(
            CATEGORY, "selection_seconds", "Time from the start of a block to its last evaluated transaction", BUCKETS);
    cut = metrics.createCounter(CATEGORY, "selections_cut", "Blocks of this node that were closed with transactions left, to be in time");
  }

  void refused(RuleName rule, Stage stage) {
    refusals.labels(rule.label(), stage.label()).inc();
  }

  void failed() {
    faults.inc();
  }

  void selected(double seconds, boolean wasCut) {
    selection.observe(seconds);
    if (wasCut) cut.inc();
  }
}

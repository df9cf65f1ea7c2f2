package org.brop.plugin.besu;

import java.util.Optional;
import org.brop.plugin.allowance.Allowances;
import org.brop.plugin.allowance.SenderHistory;
import org.brop.plugin.rules.Activations;
import org.brop.plugin.rules.Refusal;
import org.brop.plugin.rules.RuleName;
import org.brop.plugin.rules.RuleSet;
import org.hyperledger.besu.datatypes.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the rules. What can not be judged is refused: a node that does not know must not let pass. */
final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  private final Chain chain;
  private final Activations activations;
  private final Allowances allowances;
  private final RuleSet rules;
  private final Metrics metrics;

  Guard(Chain chain, Activations activations, Metrics metrics) {
    this.chain = chain;
    this.activations = activations;
    this.metrics = metrics;
    this.allowances = new Allowances(new SenderHistory(chain::sentBlock));
    this.rules = new RuleSet(activations, allowances);
  }

  /** Words for the sender where a transaction may not stand in the next block. Never throws. */
  Optional<String> check(Transaction transaction, Stage stage) {
    try {
      Optional<Refusal> refusal = rules.check(Conversion.transaction(transaction), chain.head());
      refusal.ifPresent(found -> report(found, transaction, stage));
      return refusal.map(Refusal::toString);
    } catch (RuntimeException e) {
      metrics.failed();
      LOG.error("Transaction {} could not be judged and is refused", Conversion.hex(transaction.getHash()), e);
      return Optional.of("service.internal: the transaction could not be judged");
    }
  }

  boolean isInForce(RuleName rule) {
    return activations.isInForce(rule, chain.head().nextNumber());
  }

  Activations activations() {
    return activations;
  }

  Allowances allowances() {
    return allowances;
  }

  Chain chain() {
    return chain;
  }

  Metrics metrics() {
    return metrics;
  }

  private void report(Refusal refusal, Transaction transaction, Stage stage) {
    metrics.refused(refusal.rule(), stage);
    LOG.debug("Refused {} of {}: {}", Conversion.hex(transaction.getHash()), transaction.getSender(), refusal);
  }
}

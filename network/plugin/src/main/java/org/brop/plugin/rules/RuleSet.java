package org.brop.plugin.rules;

import java.util.List;
import java.util.Optional;
import org.brop.plugin.allowance.Allowances;
import org.brop.plugin.chain.DirectTransaction;
import org.brop.plugin.chain.ParentBlock;

/** The rules that decide whether a block is valid, in the order in which they are asked. */
public final class RuleSet {
  private final Activations activations;
  private final List<Rule> rules;

  public RuleSet(Activations activations, Allowances allowances) {
    this.activations = activations;
    this.rules = List.of(new TypesRule(), new CreationRule(), new AdmissionRule(), new AllowanceRule(allowances));
  }

  /** The first refusal by a rule in force in the block after `parent`. */
  public Optional<Refusal> check(DirectTransaction transaction, ParentBlock parent) {
    return rules.stream()
        .filter(rule -> activations.isInForce(rule.name(), parent.nextNumber()))
        .flatMap(rule -> rule.check(transaction, parent).stream())
        .findFirst();
  }
}

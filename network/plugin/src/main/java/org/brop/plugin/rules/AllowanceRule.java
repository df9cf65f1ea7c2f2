package org.brop.plugin.rules;

import java.util.Optional;
import org.brop.plugin.admission.Kind;
import org.brop.plugin.allowance.Allowances;
import org.brop.plugin.chain.DirectTransaction;
import org.brop.plugin.chain.ParentBlock;

/**
 * No more direct transactions in a period than the sender's allowance (CH-2). A transaction's nonce says which one of the
 * sender's it is, so that the rule also counts those before it in the same block.
 */
public final class AllowanceRule implements Rule {
  private final Allowances allowances;

  public AllowanceRule(Allowances allowances) {
    this.allowances = allowances;
  }

  @Override
  public RuleName name() {
    return RuleName.ALLOWANCE;
  }

  @Override
  public Optional<Refusal> check(DirectTransaction transaction, ParentBlock parent) {
    Allowances.Usage usage = allowances.usage(transaction.sender(), parent);
    // Strangers are the admission rule's business.
    if (usage.sender().kind() == Kind.NONE) return Optional.empty();
    long used = transaction.nonce() - usage.firstNonce();
    if (used < usage.sender().allowance()) return Optional.empty();
    return refuse(
        "sender.allowance-exhausted",
        "the allowance of " + usage.sender().allowance() + " direct transactions is used up until block " + usage.nextPeriod());
  }
}

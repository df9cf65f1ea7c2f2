package org.brop.plugin.rules;

import java.util.Optional;
import org.brop.plugin.chain.DirectTransaction;
import org.brop.plugin.chain.ParentBlock;

/**
 * Legacy, EIP-2930 and EIP-1559 transactions only. Blobs (3) are data that nobody keeps; a set-code transaction (4) would
 * give a plain address code and raise the nonces of others. What comes later is refused until a rule knows it.
 */
public final class TypesRule implements Rule {
  private static final int LAST_ACCEPTED = 2;

  @Override
  public RuleName name() {
    return RuleName.TYPES;
  }

  @Override
  public Optional<Refusal> check(DirectTransaction transaction, ParentBlock parent) {
    if (transaction.type() <= LAST_ACCEPTED) return Optional.empty();
    return refuse("transaction.type-refused", "transactions of type " + transaction.type() + " are not accepted");
  }
}

package org.brop.plugin.rules;

import java.util.Optional;
import org.brop.plugin.admission.AdmissionStorage;
import org.brop.plugin.admission.Kind;
import org.brop.plugin.chain.DirectTransaction;
import org.brop.plugin.chain.ParentBlock;

/** Only an operator creates contracts (CH-3). */
public final class CreationRule implements Rule {
  @Override
  public RuleName name() {
    return RuleName.CREATION;
  }

  @Override
  public Optional<Refusal> check(DirectTransaction transaction, ParentBlock parent) {
    if (!transaction.isCreation()) return Optional.empty();
    if (AdmissionStorage.senderOf(parent.state(), transaction.sender()).kind() == Kind.OPERATOR) return Optional.empty();
    return refuse("deployment.refused", "only the operator may create contracts");
  }
}

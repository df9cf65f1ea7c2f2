package org.brop.plugin.rules;

import java.util.Optional;
import org.brop.plugin.admission.AdmissionStorage;
import org.brop.plugin.admission.Kind;
import org.brop.plugin.admission.Sender;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.DirectTransaction;
import org.brop.plugin.chain.ParentBlock;
import org.brop.plugin.chain.Selectors;

/** Who may send transactions, and where to (CH-2): `IAdmission.isPermitted`, with words. */
public final class AdmissionRule implements Rule {
  private static final String NOT_ADMITTED = "sender.not-admitted";
  private static final String TARGET_REFUSED = "sender.target-refused";

  @Override
  public RuleName name() {
    return RuleName.ADMISSION;
  }

  @Override
  public Optional<Refusal> check(DirectTransaction transaction, ParentBlock parent) {
    Sender sender = AdmissionStorage.senderOf(parent.state(), transaction.sender());
    if (sender.kind() == Kind.NONE) return refuse(NOT_ADMITTED, "this address may not send transactions directly");
    if (parent.nextNumber() < sender.validFrom()) {
      return refuse(NOT_ADMITTED, "this address is admitted from block " + sender.validFrom() + " on");
    }
    if (sender.kind() == Kind.OPERATOR) return Optional.empty();

    Address permitted = sender.target();
    if (permitted.isZero() || !transaction.target().filter(permitted::equals).isPresent()) {
      return refuse(TARGET_REFUSED, "a " + sender.kind().label() + " may call only " + permitted);
    }
    if (sender.kind() == Kind.RELAY && !transaction.selector().equals(Selectors.HANDLE_OPS)) {
      return refuse(TARGET_REFUSED, "a relay may call only EntryPoint.handleOps");
    }
    return Optional.empty();
  }
}

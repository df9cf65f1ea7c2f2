package org.brop.plugin.allowance;

import org.brop.plugin.admission.AdmissionStorage;
import org.brop.plugin.admission.Sender;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.ParentBlock;

/** How much of its allowance a sender has used. Periods end at multiples of Admission's `periodBlocks`. */
public final class Allowances {
  /**
   * @param firstNonce the sender's nonce as the period began
   * @param nextPeriod block in which the next period begins
   */
  public record Usage(Sender sender, long firstNonce, long nextPeriod) {}

  private final SenderHistory history;

  public Allowances(SenderHistory history) {
    this.history = history;
  }

  public Usage usage(Address address, ParentBlock parent) {
    Sender sender = AdmissionStorage.senderOf(parent.state(), address);
    // Without a period an allowance is for all time.
    long period = AdmissionStorage.periodBlocks(parent.state());
    long start = period == 0 ? 0 : parent.nextNumber() / period * period;
    long nonce = parent.state().nonce(address);
    long firstNonce = history.firstNonceSince(start, address, parent).orElse(nonce);
    return new Usage(sender, firstNonce, start + period);
  }
}

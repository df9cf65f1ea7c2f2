package org.brop.plugin.admission;

import java.math.BigInteger;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.ContractState;
import org.brop.plugin.chain.Keccak;
import org.brop.plugin.chain.SystemAddresses;
import org.brop.plugin.chain.Words;

/** Admission's storage, whose first two slots are part of the protocol (`contracts/governance/Admission.sol`). */
public final class AdmissionStorage {
  private static final long SENDERS_SLOT = 0;
  private static final long PERIOD_SLOT = 1;

  private AdmissionStorage() {}

  public static Sender senderOf(ContractState state, Address sender) {
    BigInteger slot = Keccak.mappingSlot(sender.word(), SENDERS_SLOT);
    return Sender.decode(state.storage(SystemAddresses.ADMISSION, slot));
  }

  /** Blocks after which direct allowances begin anew; 0 on a chain without Admission. */
  public static long periodBlocks(ContractState state) {
    return Words.field(state.storage(SystemAddresses.ADMISSION, BigInteger.valueOf(PERIOD_SLOT)), 0, 48);
  }
}

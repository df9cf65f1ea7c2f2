package org.brop.plugin.chain;

import java.util.HexFormat;
import java.util.Optional;

/**
 * What the rules look at in a transaction.
 *
 * @param type EIP-2718 type; 0 for a legacy transaction
 * @param target empty: contract creation
 */
public record DirectTransaction(int type, Address sender, Optional<Address> target, long nonce, byte[] payload) {
  public boolean isCreation() {
    return target.isEmpty();
  }

  /** First four bytes of the call data in hexadecimal, shorter where there are fewer. */
  public String selector() {
    return HexFormat.of().formatHex(payload, 0, Math.min(4, payload.length));
  }

  public boolean isBundle() {
    return target.filter(SystemAddresses.ENTRY_POINT::equals).isPresent() && selector().equals(Selectors.HANDLE_OPS);
  }
}

package org.brop.plugin.admission;

import java.math.BigInteger;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.Words;

/**
 * `IAdmission.Sender`.
 *
 * @param validFrom first block in which it may send
 * @param allowance direct transactions a period
 * @param target the only contract it may call
 */
public record Sender(Kind kind, long validFrom, long allowance, Address target) {
  /** Reads the slot, from the lowest bits up: kind (8), validFrom (48), allowance (40), target (160). */
  static Sender decode(BigInteger slot) {
    return new Sender(
        Kind.of(Words.field(slot, 0, 8)),
        Words.field(slot, 8, 48),
        Words.field(slot, 56, 40),
        Address.of(slot.shiftRight(96)));
  }
}

package org.brop.plugin.chain;

import java.math.BigInteger;
import java.util.Arrays;

/** 256-bit words, as storage and the ABI have them. */
public final class Words {
  public static final int LENGTH = 32;

  private Words() {}

  /** The word as 32 bytes. */
  public static byte[] bytes(BigInteger word) {
    if (word.signum() < 0 || word.bitLength() > 256) throw new IllegalArgumentException("No 256-bit word: " + word);
    byte[] magnitude = word.toByteArray();
    byte[] padded = new byte[LENGTH];
    int from = Math.max(0, magnitude.length - LENGTH);
    System.arraycopy(magnitude, from, padded, LENGTH - (magnitude.length - from), magnitude.length - from);
    return padded;
  }

  /** The word that begins at `offset`. */
  public static BigInteger at(byte[] data, int offset) {
    return new BigInteger(1, Arrays.copyOfRange(data, offset, offset + LENGTH));
  }

  /** `bits` bits of a packed slot, from bit `offset` up; at most 63. */
  public static long field(BigInteger slot, int offset, int bits) {
    return slot.shiftRight(offset).and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE)).longValueExact();
  }
}

package org.brop.plugin.chain;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/** A 20-byte address. */
public final class Address {
  public static final int LENGTH = 20;

  private final byte[] bytes;

  private Address(byte[] bytes) {
    if (bytes.length != LENGTH) throw new IllegalArgumentException("An address has 20 bytes, not " + bytes.length);
    this.bytes = bytes;
  }

  public static Address of(byte[] bytes) {
    return new Address(bytes.clone());
  }

  /** Reads an address in hexadecimal, with 0x in front. */
  public static Address of(String hex) {
    if (!hex.startsWith("0x")) throw new IllegalArgumentException("An address begins with 0x: " + hex);
    return new Address(HexFormat.of().parseHex(hex, 2, hex.length()));
  }

  /** The lowest 160 bits of a word. */
  public static Address of(BigInteger word) {
    byte[] padded = Words.bytes(word);
    return new Address(Arrays.copyOfRange(padded, Words.LENGTH - LENGTH, Words.LENGTH));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** The address as a 256-bit number. */
  public BigInteger word() {
    return new BigInteger(1, bytes);
  }

  public boolean isZero() {
    return word().signum() == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Address address && Arrays.equals(bytes, address.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "0x" + HexFormat.of().formatHex(bytes);
  }
}

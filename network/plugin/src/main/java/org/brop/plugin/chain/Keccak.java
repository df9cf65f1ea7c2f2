package org.brop.plugin.chain;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** Keccak-256 and what is derived from it. */
public final class Keccak {
  private Keccak() {}

  public static byte[] hash(byte[]... parts) {
    KeccakDigest digest = new KeccakDigest(256);
    for (byte[] part : parts) digest.update(part, 0, part.length);
    byte[] result = new byte[32];
    digest.doFinal(result, 0);
    return result;
  }

  /** Slot of a mapping's entry: keccak256(key . slot). */
  public static BigInteger mappingSlot(BigInteger key, long slot) {
    return new BigInteger(1, hash(Words.bytes(key), Words.bytes(BigInteger.valueOf(slot))));
  }

  /** First slot of a dynamic array's elements: keccak256(slot). */
  public static BigInteger arraySlot(long slot) {
    return new BigInteger(1, hash(Words.bytes(BigInteger.valueOf(slot))));
  }

  /** First four bytes of a function's or an error's hash, in hexadecimal without 0x. */
  public static String selector(String signature) {
    return HexFormat.of().formatHex(selectorBytes(signature));
  }

  public static byte[] selectorBytes(String signature) {
    return Arrays.copyOf(hash(signature.getBytes(StandardCharsets.US_ASCII)), 4);
  }
}

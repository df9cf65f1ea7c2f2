package org.brop.plugin.seals;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.Keccak;
import org.brop.plugin.chain.Words;

/** Recovers the address that made a secp256k1 signature (SEC 1, 4.1.6). */
final class SealSigner {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
  private static final int SEAL_LENGTH = 65;

  private SealSigner() {}

  /** @param seal r, s and v, with v 0 or 1 */
  static Address recover(byte[] digest, byte[] seal) {
    if (seal.length != SEAL_LENGTH) throw new IllegalArgumentException("A seal has 65 bytes, not " + seal.length);
    BigInteger r = Words.at(seal, 0);
    BigInteger s = Words.at(seal, Words.LENGTH);
    int parity = seal[SEAL_LENGTH - 1];
    BigInteger order = CURVE.getN();
    boolean inRange = r.signum() > 0 && s.signum() > 0 && r.compareTo(order) < 0 && s.compareTo(order) < 0;
    if (!inRange || parity < 0 || parity > 1) throw new IllegalArgumentException("The seal is no signature");

    byte[] compressed = new byte[1 + Words.LENGTH];
    compressed[0] = (byte) (2 + parity);
    System.arraycopy(seal, 0, compressed, 1, Words.LENGTH);
    ECPoint point = CURVE.getCurve().decodePoint(compressed);
    BigInteger inverse = r.modInverse(order);
    BigInteger u1 = inverse.multiply(new BigInteger(1, digest)).negate().mod(order);
    BigInteger u2 = inverse.multiply(s).mod(order);
    ECPoint key = ECAlgorithms.sumOfTwoMultiplies(CURVE.getG(), u1, point, u2).normalize();
    if (key.isInfinity()) throw new IllegalArgumentException("The seal is no signature");
    // Without the byte that says that the point is not compressed.
    byte[] encoded = key.getEncoded(false);
    byte[] hash = Keccak.hash(Arrays.copyOfRange(encoded, 1, encoded.length));
    return Address.of(Arrays.copyOfRange(hash, hash.length - Address.LENGTH, hash.length));
  }
}

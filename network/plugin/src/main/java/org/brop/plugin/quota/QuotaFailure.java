package org.brop.plugin.quota;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.brop.plugin.chain.Selectors;
import org.brop.plugin.chain.Words;

/**
 * Finds out whether a bundle reverted because an operation had no quota points (QU-4). Any other failed validation is
 * packaged and falls on the relay's own allowance.
 */
public final class QuotaFailure {
  private static final int SELECTOR = 4;
  /** Position of the third argument's offset in FailedOpWithRevert(index, words, inner error). */
  private static final int INNER_OFFSET = SELECTOR + 2 * Words.LENGTH;

  private QuotaFailure() {}

  /**
   * @param revertData what EntryPoint.handleOps reverted with
   * @return words for the log; empty when quota was not the reason
   */
  public static Optional<String> of(byte[] revertData) {
    if (!startsWith(revertData, 0, Selectors.FAILED_OP_WITH_REVERT)) return Optional.empty();
    if (revertData.length < INNER_OFFSET + Words.LENGTH) return Optional.empty();
    BigInteger index = Words.at(revertData, SELECTOR);
    BigInteger offset = Words.at(revertData, INNER_OFFSET);
    if (offset.bitLength() > 24) return Optional.empty();
    // The inner error's length stands first.
    int inner = SELECTOR + offset.intValue() + Words.LENGTH;
    if (startsWith(revertData, inner, Selectors.QUOTA_EXHAUSTED)) {
      return Optional.of("quota.exhausted: operation " + index + " of the bundle has too few points");
    }
    if (startsWith(revertData, inner, Selectors.QUOTA_PAUSED)) {
      return Optional.of("quota.paused: the bookkeepers have paused all operations");
    }
    return Optional.empty();
  }

  private static boolean startsWith(byte[] data, int offset, String selector) {
    byte[] wanted = HexFormat.of().parseHex(selector);
    int end = offset + wanted.length;
    return end <= data.length && Arrays.equals(data, offset, end, wanted, 0, wanted.length);
  }
}

package org.brop.plugin.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.brop.plugin.chain.Selectors;
import org.junit.jupiter.api.Test;

/** The revert data is what ethers encodes for EntryPoint's and Quota's errors. */
class QuotaFailureTest {
  private static final String WORD = "0".repeat(63);
  private static final String NO_ADDRESS = "0".repeat(64);
  private static final String EXHAUSTED = "c80c907f" + "0".repeat(62) + "aa" + WORD + "5" + WORD + "9" + "0".repeat(56);
  private static final String PAUSED = "5e3d062f" + WORD + "9" + "0".repeat(56);
  private static final String UNCERTIFIED = "230eeb92" + "0".repeat(62) + "aa" + "0".repeat(56);

  /** FailedOpWithRevert(3, "AA23 reverted", inner). */
  private static byte[] failed(String length, String inner) {
    return HexFormat.of()
        .parseHex(
            Selectors.FAILED_OP_WITH_REVERT
                + (WORD + "3")
                + ("0".repeat(62) + "60")
                + ("0".repeat(62) + "a0")
                + (WORD + "d")
                + ("41413233207265766572746564" + "0".repeat(38))
                + ("0".repeat(62) + length)
                + inner);
  }

  @Test
  void tooFewPointsAreFoundWithTheOperation() {
    assertEquals(
        Optional.of("quota.exhausted: operation 3 of the bundle has too few points"),
        QuotaFailure.of(failed("64", EXHAUSTED)));
  }

  @Test
  void aPauseIsFound() {
    assertTrue(QuotaFailure.of(failed("24", PAUSED)).orElseThrow().startsWith("quota.paused"));
  }

  @Test
  void otherFailedValidationsFallOnTheRelay() {
    assertEquals(Optional.empty(), QuotaFailure.of(failed("24", UNCERTIFIED)));
    assertEquals(Optional.empty(), QuotaFailure.of(failed("00", "")));
  }

  @Test
  void otherErrorsAreNotTakenForQuota() {
    assertEquals(Optional.empty(), QuotaFailure.of(new byte[0]));
    assertEquals(Optional.empty(), QuotaFailure.of(HexFormat.of().parseHex(EXHAUSTED)));
    assertEquals(Optional.empty(), QuotaFailure.of(HexFormat.of().parseHex("220266b6" + NO_ADDRESS + NO_ADDRESS)));
  }

  @Test
  void dataThatIsCutOffOrChangedNeverThrows() {
    byte[] data = failed("64", EXHAUSTED);
    for (int length = 0; length < data.length; length++) QuotaFailure.of(Arrays.copyOf(data, length));
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] changed = data.clone();
      for (int c = random.nextInt(8); c >= 0; c--) changed[4 + random.nextInt(changed.length - 4)] = (byte) random.nextInt();
      QuotaFailure.of(changed);
    }
  }
}

package org.brop.plugin.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SelectionTimeTest {
  /** A clock may begin anywhere, also below zero. */
  private long now = -5_000_000_000L;

  private final SelectionTime time = new SelectionTime(() -> now);

  private void pass(Duration duration) {
    now += duration.toNanos();
  }

  @Test
  void transactionsAreTriedUntilTheTimeIsOver() {
    assertFalse(time.isOver());
    pass(SelectionTime.LIMIT.minusNanos(1));
    assertFalse(time.isOver());
    assertFalse(time.wasCut());
    pass(Duration.ofNanos(1));
    assertTrue(time.isOver());
    assertTrue(time.wasCut());
  }

  @Test
  void theOthersHaveTimeLeftToExecuteTheBlockBeforeTheNext() {
    assertTrue(SelectionTime.LIMIT.compareTo(Duration.ofSeconds(2)) < 0);
  }

  @Test
  void aSelectionThatEndsByItselfIsNotCut() {
    pass(Duration.ofMillis(300));
    assertFalse(time.isOver());
    time.evaluated();
    pass(Duration.ofSeconds(9));
    assertFalse(time.wasCut());
    assertEquals(Duration.ofMillis(300), time.used());
  }

  @Test
  void anEmptyBlockUsesNoTime() {
    pass(Duration.ofSeconds(1));
    assertEquals(Duration.ZERO, time.used());
  }
}

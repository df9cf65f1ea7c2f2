package org.brop.plugin.selection;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a validator tries transactions for one block. Besu's own limit does not count on a chain of this kind (besu
 * issue 11005), and bundles that fail for quota cost their relay nothing: without an end here a few relays that send
 * such bundles again and again would make every block late. What was not tried stays in the pool for the next block.
 */
public final class SelectionTime {
  /** Three fifths of the three seconds between two blocks: the others have to execute the block once more. */
  public static final Duration LIMIT = Duration.ofMillis(1_800);

  private final LongSupplier nanoseconds;
  private final long started;
  private long evaluated;
  private boolean ended;

  /** @param nanoseconds a clock that never goes back, such as `System::nanoTime` */
  public SelectionTime(LongSupplier nanoseconds) {
    this.nanoseconds = nanoseconds;
    this.started = nanoseconds.getAsLong();
    this.evaluated = started;
  }

  /** Whether no further transaction may be begun. One that is under way is finished: its gas limit bounds it. */
  public boolean isOver() {
    if (nanoseconds.getAsLong() - started < LIMIT.toNanos()) return false;
    ended = true;
    return true;
  }

  /** Notes that a transaction was tried to its end. */
  public void evaluated() {
    evaluated = nanoseconds.getAsLong();
  }

  /** From the start to the last transaction that was tried. */
  public Duration used() {
    return Duration.ofNanos(evaluated - started);
  }

  /** Whether a transaction was put off to the next block. */
  public boolean wasCut() {
    return ended;
  }
}

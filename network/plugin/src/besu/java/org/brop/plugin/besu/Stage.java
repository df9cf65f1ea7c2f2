package org.brop.plugin.besu;

import java.util.Locale;

/** Where a transaction was refused. */
enum Stage {
  /** On its way into the pool. */
  POOL,
  /** As part of a block that is made or imported, or by the pool's second check. */
  BLOCK,
  /** After it was tried for a block of this node. */
  PACKAGING;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

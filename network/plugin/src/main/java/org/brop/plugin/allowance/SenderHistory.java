package org.brop.plugin.allowance;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.ParentBlock;

/**
 * The first nonce that each sender used since a period began, counted from the blocks themselves: nodes drop old states,
 * but every node has the blocks. What was counted is kept; usually one more block is looked at.
 */
public final class SenderHistory {
  private final Function<String, Optional<SentBlock>> blocks;
  private final Map<Address, Long> firstNonces = new HashMap<>();
  private long start = -1;
  private String head = "";

  /** @param blocks a block by its hash */
  public SenderHistory(Function<String, Optional<SentBlock>> blocks) {
    this.blocks = blocks;
  }

  /**
   * The nonce of the sender's first transaction in the blocks from `since` to `parent`; empty when it sent none.
   *
   * @throws IllegalStateException when the node does not have one of the blocks
   */
  public synchronized OptionalLong firstNonceSince(long since, Address sender, ParentBlock parent) {
    if (since != start || !head.equals(parent.hash())) bringUpTo(since, parent);
    Long nonce = firstNonces.get(sender);
    return nonce == null ? OptionalLong.empty() : OptionalLong.of(nonce);
  }

  private void bringUpTo(long since, ParentBlock parent) {
    if (since != start) reset(since);
    Deque<SentBlock> missing = new ArrayDeque<>();
    String hash = parent.hash();
    long number = parent.number();
    while (number >= since && !hash.equals(head)) {
      SentBlock block = require(hash, number);
      missing.push(block);
      hash = block.parentHash();
      number -= 1;
    }
    // The walk passed what was counted before: that was another branch.
    if (number < since) firstNonces.clear();
    for (SentBlock block : missing) {
      for (SentBlock.Sent sent : block.transactions()) firstNonces.putIfAbsent(sent.sender(), sent.nonce());
    }
    head = parent.hash();
  }

  private void reset(long since) {
    firstNonces.clear();
    start = since;
    head = "";
  }

  private SentBlock require(String hash, long number) {
    return blocks
        .apply(hash)
        .orElseThrow(() -> new IllegalStateException("Block " + number + " (" + hash + ") is not there"));
  }
}

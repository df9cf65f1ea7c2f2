package org.brop.plugin.chain;

/**
 * The block that a transaction's block follows, with the state after it: all that a rule may look at, so that every node
 * judges alike, live and when it syncs years later.
 */
public record ParentBlock(long number, String hash, ContractState state) {
  /** Number of the block in which the transaction would stand. */
  public long nextNumber() {
    return number + 1;
  }
}

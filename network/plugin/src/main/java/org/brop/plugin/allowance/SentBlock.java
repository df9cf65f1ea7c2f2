package org.brop.plugin.allowance;

import java.util.List;
import org.brop.plugin.chain.Address;

/** Who sent the transactions of a block. */
public record SentBlock(long number, String hash, String parentHash, List<Sent> transactions) {
  public record Sent(Address sender, long nonce) {}
}

package org.brop.plugin.allowance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.ParentBlock;
import org.brop.plugin.support.FakeState;

/** Blocks by hash, and the plain way to count in them. */
final class FakeChain {
  private final Map<String, SentBlock> blocks = new HashMap<>();
  private final FakeState state = new FakeState();
  int reads;

  FakeChain() {
    blocks.put("genesis", new SentBlock(0, "genesis", "nothing", List.of()));
  }

  ParentBlock genesis() {
    return new ParentBlock(0, "genesis", state);
  }

  ParentBlock append(ParentBlock parent, String hash, List<SentBlock.Sent> sent) {
    blocks.put(hash, new SentBlock(parent.number() + 1, hash, parent.hash(), List.copyOf(sent)));
    return new ParentBlock(parent.number() + 1, hash, state);
  }

  Optional<SentBlock> read(String hash) {
    reads += 1;
    return Optional.ofNullable(blocks.get(hash));
  }

  void forget(String hash) {
    blocks.remove(hash);
  }

  OptionalLong firstNonceSince(long since, Address sender, ParentBlock parent) {
    List<Long> nonces = new ArrayList<>();
    for (SentBlock block = blocks.get(parent.hash()); block != null && block.number() >= since; ) {
      block.transactions().stream().filter(sent -> sent.sender().equals(sender)).forEach(sent -> nonces.add(sent.nonce()));
      block = blocks.get(block.parentHash());
    }
    return nonces.stream().mapToLong(Long::longValue).min();
  }
}

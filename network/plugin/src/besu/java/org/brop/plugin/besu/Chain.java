package org.brop.plugin.besu;

import java.util.Optional;
import org.brop.plugin.allowance.SentBlock;
import org.brop.plugin.chain.ParentBlock;
import org.hyperledger.besu.datatypes.Hash;
import org.hyperledger.besu.plugin.data.BlockContext;
import org.hyperledger.besu.plugin.data.BlockHeader;
import org.hyperledger.besu.plugin.services.BlockchainService;
import org.hyperledger.besu.plugin.services.WorldStateService;

/** The node's chain, as the rules look at it. */
public final class Chain {
  private final BlockchainService blocks;
  private final WorldStateService states;
  private volatile ParentBlock head;

  Chain(BlockchainService blocks, WorldStateService states) {
    this.blocks = blocks;
    this.states = states;
  }

  /**
   * The newest block. Whenever Besu asks for a permission, in the pool, in packaging, on import and while it syncs, this
   * is the parent of the block in question.
   */
  public ParentBlock head() {
    Hash hash = blocks.getChainHeadHash();
    ParentBlock known = head;
    if (known != null && known.hash().equals(Conversion.hex(hash))) return known;
    ParentBlock found = block(header(hash));
    head = found;
    return found;
  }

  public ParentBlock block(BlockHeader header) {
    Hash hash = header.getBlockHash();
    return new ParentBlock(header.getNumber(), Conversion.hex(hash), new BlockState(states, hash));
  }

  public BlockHeader headHeader() {
    return blocks.getChainHeadHeader();
  }

  public Optional<BlockHeader> header(long number) {
    return blocks.getBlockByNumber(number).map(BlockContext::getBlockHeader);
  }

  public BlockHeader header(Hash hash) {
    return blocks
        .getBlockHeaderByHash(hash)
        .orElseThrow(() -> new IllegalStateException("Block " + Conversion.hex(hash) + " is not there"));
  }

  Optional<SentBlock> sentBlock(String hash) {
    return blocks.getBlockByHash(Hash.fromHexString(hash)).map(Chain::sentBlock);
  }

  private static SentBlock sentBlock(BlockContext block) {
    BlockHeader header = block.getBlockHeader();
    return new SentBlock(
        header.getNumber(),
        Conversion.hex(header.getBlockHash()),
        Conversion.hex(header.getParentHash()),
        block.getBlockBody().getTransactions().stream()
            .map(sent -> new SentBlock.Sent(Conversion.address(sent.getSender()), sent.getNonce()))
            .toList());
  }
}

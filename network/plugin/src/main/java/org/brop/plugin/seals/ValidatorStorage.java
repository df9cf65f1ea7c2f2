package org.brop.plugin.seals;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.LongStream;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.ContractState;
import org.brop.plugin.chain.Keccak;
import org.brop.plugin.chain.SystemAddresses;

/** ValidatorSet's list, whose place is part of the protocol (`contracts/governance/ValidatorSet.sol`). */
public final class ValidatorStorage {
  private static final long LIST_SLOT = 0;

  private ValidatorStorage() {}

  /** The validators that seal the block after this state. */
  public static List<Address> validators(ContractState state) {
    long length = state.storage(SystemAddresses.VALIDATOR_SET, BigInteger.valueOf(LIST_SLOT)).longValueExact();
    BigInteger first = Keccak.arraySlot(LIST_SLOT);
    return LongStream.range(0, length)
        .mapToObj(index -> state.storage(SystemAddresses.VALIDATOR_SET, first.add(BigInteger.valueOf(index))))
        .map(Address::of)
        .toList();
  }

  /** Seals that make a block final: two thirds, rounded up. */
  public static int quorum(int validators) {
    return (2 * validators + 2) / 3;
  }
}

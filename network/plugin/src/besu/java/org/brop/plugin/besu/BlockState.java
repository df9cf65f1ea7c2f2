package org.brop.plugin.besu;

import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.ContractState;
import org.hyperledger.besu.datatypes.Hash;
import org.hyperledger.besu.evm.account.Account;
import org.hyperledger.besu.evm.worldstate.WorldView;
import org.hyperledger.besu.plugin.services.WorldStateService;

/** The state after one block. It does not change, so what was read once is kept. */
final class BlockState implements ContractState {
  private record Slot(Address contract, BigInteger number) {}

  private final WorldStateService states;
  private final Hash block;
  private final Map<Slot, BigInteger> storage = new ConcurrentHashMap<>();
  private final Map<Address, Long> nonces = new ConcurrentHashMap<>();

  BlockState(WorldStateService states, Hash block) {
    this.states = states;
    this.block = block;
  }

  @Override
  public BigInteger storage(Address contract, BigInteger slot) {
    return storage.computeIfAbsent(
        new Slot(contract, slot),
        key ->
            read(
                contract,
                BigInteger.ZERO,
                account -> account.getStorageValue(Conversion.word(slot)).toUnsignedBigInteger()));
  }

  @Override
  public long nonce(Address address) {
    return nonces.computeIfAbsent(address, key -> read(address, 0L, Account::getNonce));
  }

  private <T> T read(Address address, T absent, Function<Account, T> property) {
    WorldView view =
        states
            .getWorldView(block)
            .orElseThrow(() -> new IllegalStateException("The state after block " + Conversion.hex(block) + " is not there"));
    try {
      Account account = view.get(Conversion.address(address));
      return account == null ? absent : property.apply(account);
    } finally {
      close(view);
    }
  }

  /** The interface does not say so, but what Besu hands out holds the database open. */
  private static void close(WorldView view) {
    if (!(view instanceof AutoCloseable closeable)) return;
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException("A state could not be closed", e);
    }
  }
}

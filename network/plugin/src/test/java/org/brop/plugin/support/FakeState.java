package org.brop.plugin.support;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.brop.plugin.admission.Kind;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.ContractState;
import org.brop.plugin.chain.Keccak;
import org.brop.plugin.chain.ParentBlock;
import org.brop.plugin.chain.SystemAddresses;

/** A state that a test fills. */
public final class FakeState implements ContractState {
  private record Slot(Address contract, BigInteger number) {}

  private final Map<Slot, BigInteger> storage = new HashMap<>();
  private final Map<Address, Long> nonces = new HashMap<>();

  public FakeState store(Address contract, BigInteger slot, BigInteger word) {
    storage.put(new Slot(contract, slot), word);
    return this;
  }

  public FakeState nonce(Address account, long nonce) {
    nonces.put(account, nonce);
    return this;
  }

  /** Writes Admission's slot of a sender as Solidity packs it. */
  public FakeState admit(Address sender, Kind kind, long validFrom, long allowance, Address target) {
    BigInteger word =
        target.word().shiftLeft(96)
            .or(BigInteger.valueOf(allowance).shiftLeft(56))
            .or(BigInteger.valueOf(validFrom).shiftLeft(8))
            .or(BigInteger.valueOf(kind.ordinal()));
    return store(SystemAddresses.ADMISSION, Keccak.mappingSlot(sender.word(), 0), word);
  }

  public FakeState period(long blocks) {
    return store(SystemAddresses.ADMISSION, BigInteger.ONE, BigInteger.valueOf(blocks));
  }

  public ParentBlock after(long block) {
    return new ParentBlock(block, "0x" + block, this);
  }

  @Override
  public BigInteger storage(Address contract, BigInteger slot) {
    return storage.getOrDefault(new Slot(contract, slot), BigInteger.ZERO);
  }

  @Override
  public long nonce(Address account) {
    return nonces.getOrDefault(account, 0L);
  }
}

package org.brop.plugin.chain;

import java.math.BigInteger;

/** The state of all accounts at one block. */
public interface ContractState {
  /** A slot of a contract's storage; 0 where there is none. */
  BigInteger storage(Address contract, BigInteger slot);

  /** Transactions that an address has sent. */
  long nonce(Address account);
}

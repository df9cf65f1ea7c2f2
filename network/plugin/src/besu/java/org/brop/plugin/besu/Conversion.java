package org.brop.plugin.besu;

import java.math.BigInteger;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.DirectTransaction;
import org.hyperledger.besu.datatypes.Hash;
import org.hyperledger.besu.datatypes.Transaction;
import org.hyperledger.besu.datatypes.TransactionType;

/** Besu's types and those of the rules. */
public final class Conversion {
  private Conversion() {}

  public static DirectTransaction transaction(Transaction transaction) {
    return new DirectTransaction(
        type(transaction.getType()),
        address(transaction.getSender()),
        transaction.getTo().map(Conversion::address),
        transaction.getNonce(),
        transaction.getPayload().toArrayUnsafe());
  }

  public static Address address(org.hyperledger.besu.datatypes.Address address) {
    return Address.of(address.getBytes().toArrayUnsafe());
  }

  public static org.hyperledger.besu.datatypes.Address address(Address address) {
    return org.hyperledger.besu.datatypes.Address.wrap(Bytes.wrap(address.bytes()));
  }

  public static String hex(Hash hash) {
    return hash.getBytes().toHexString();
  }

  public static UInt256 word(BigInteger word) {
    return UInt256.valueOf(word);
  }

  /** Besu gives a legacy transaction the first byte of its encoding as its type. */
  private static int type(TransactionType type) {
    return switch (type) {
      case FRONTIER -> 0;
      case ACCESS_LIST -> 1;
      case EIP1559 -> 2;
      case BLOB -> 3;
      case DELEGATE_CODE -> 4;
    };
  }
}

package org.brop.plugin.support;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.DirectTransaction;
import org.brop.plugin.chain.SystemAddresses;

/** Transactions that tests send. */
public final class Transactions {
  /** `handleOps`, as a relay calls it. */
  public static final String HANDLE_OPS = "765e827f";

  private Transactions() {}

  public static Address address(int number) {
    return Address.of(BigInteger.valueOf(number).shiftLeft(64));
  }

  public static DirectTransaction call(Address sender, Address target, String data) {
    return of(2, sender, Optional.of(target), 0, data);
  }

  public static DirectTransaction creation(Address sender) {
    return of(2, sender, Optional.empty(), 0, "60016000f3");
  }

  public static DirectTransaction bundle(Address sender, long nonce) {
    return of(2, sender, Optional.of(SystemAddresses.ENTRY_POINT), nonce, HANDLE_OPS + "00");
  }

  public static DirectTransaction ofType(int type, Address sender) {
    return of(type, sender, Optional.of(SystemAddresses.ENTRY_POINT), 0, HANDLE_OPS);
  }

  private static DirectTransaction of(int type, Address sender, Optional<Address> target, long nonce, String data) {
    return new DirectTransaction(type, sender, target, nonce, HexFormat.of().parseHex(data));
  }
}

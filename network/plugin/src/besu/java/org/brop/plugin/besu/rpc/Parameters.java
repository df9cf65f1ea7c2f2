package org.brop.plugin.besu.rpc;

import java.util.OptionalLong;
import org.brop.plugin.chain.Address;

/** Reads a method's parameters. */
final class Parameters {
  private final Object[] values;

  Parameters(Object[] values) {
    this.values = values;
  }

  Address address(int index) {
    if (index < values.length && values[index] instanceof String text && text.matches("0x[0-9a-fA-F]{40}")) {
      return Address.of(text);
    }
    throw RpcFault.invalid("Parameter " + (index + 1) + " must be an address");
  }

  /** A block's number in hexadecimal or as a JSON number; empty for `latest` and where nothing stands. */
  OptionalLong block(int index) {
    if (index >= values.length || "latest".equals(values[index])) return OptionalLong.empty();
    if (values[index] instanceof Number number && number.longValue() >= 0) return OptionalLong.of(number.longValue());
    if (values[index] instanceof String text && text.matches("0x[0-9a-fA-F]{1,15}")) {
      return OptionalLong.of(Long.parseLong(text, 2, text.length(), 16));
    }
    throw RpcFault.invalid("Parameter " + (index + 1) + " must be a block's number or \"latest\"");
  }
}

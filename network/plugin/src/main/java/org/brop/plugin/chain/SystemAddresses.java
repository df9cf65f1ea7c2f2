package org.brop.plugin.chain;

/** Addresses of the genesis allocation, the same on every BROP network; `contracts/types/SystemAddresses.sol`. */
public final class SystemAddresses {
  public static final Address ENTRY_POINT = Address.of("0x4337084d9e255ff0702461cf8895ce9e3b5ff108");
  public static final Address ADMISSION = Address.of("0x000000000000000000000000000000000000b004");
  public static final Address QUOTA = Address.of("0x000000000000000000000000000000000000b005");
  public static final Address VALIDATOR_SET = Address.of("0x000000000000000000000000000000000000b006");

  private SystemAddresses() {}
}

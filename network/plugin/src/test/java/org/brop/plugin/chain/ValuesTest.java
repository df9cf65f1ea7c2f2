package org.brop.plugin.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;
import org.brop.plugin.support.Transactions;
import org.junit.jupiter.api.Test;

class ValuesTest {
  private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  @Test
  void anAddressIsTheLowestTwentyBytesOfAWord() {
    Address address = Address.of("0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108");
    assertEquals("0x4337084d9e255ff0702461cf8895ce9e3b5ff108", address.toString());
    assertEquals(address, Address.of(address.word().or(BigInteger.ONE.shiftLeft(200))));
    assertEquals(address.hashCode(), Address.of(address.bytes()).hashCode());
    assertNotEquals(address, SystemAddresses.QUOTA);
    assertFalse(address.isZero());
    assertTrue(Address.of(BigInteger.ZERO).isZero());
  }

  @Test
  void anAddressCanNotBeChangedThroughItsBytes() {
    byte[] bytes = new byte[Address.LENGTH];
    Address address = Address.of(bytes);
    bytes[0] = 1;
    address.bytes()[1] = 1;
    assertTrue(address.isZero());
  }

  @Test
  void whatIsNoAddressIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Address.of(new byte[19]));
    assertThrows(IllegalArgumentException.class, () -> Address.of("4337084d9e255ff0702461cf8895ce9e3b5ff108"));
    assertThrows(IllegalArgumentException.class, () -> Address.of("0x4337"));
  }

  @Test
  void wordsKeepTheirValueAsBytes() {
    for (BigInteger word : new BigInteger[] {BigInteger.ZERO, BigInteger.valueOf(255), LARGEST}) {
      assertEquals(32, Words.bytes(word).length);
      assertEquals(word, Words.at(Words.bytes(word), 0));
    }
    assertThrows(IllegalArgumentException.class, () -> Words.bytes(LARGEST.add(BigInteger.ONE)));
    assertThrows(IllegalArgumentException.class, () -> Words.bytes(BigInteger.ONE.negate()));
  }

  @Test
  void aFieldIsReadFromItsBits() {
    BigInteger slot = BigInteger.valueOf(0xabcdL).shiftLeft(8).or(BigInteger.valueOf(0x12));
    assertEquals(0x12, Words.field(slot, 0, 8));
    assertEquals(0xabcd, Words.field(slot, 8, 48));
    assertEquals((1L << 48) - 1, Words.field(LARGEST, 8, 48));
  }

  @Test
  void keccakIsEthereums() {
    assertEquals(
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470", HexFormat.of().formatHex(Keccak.hash()));
    // The two well known slots: of an array at slot 0, and of the entry 0 of a mapping at slot 0.
    assertEquals(
        "290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563", Keccak.arraySlot(0).toString(16));
    assertEquals(
        "ad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5",
        Keccak.mappingSlot(BigInteger.ZERO, 0).toString(16));
  }

  @Test
  void selectorsAreThoseOfTheContracts() {
    assertEquals(Transactions.HANDLE_OPS, Selectors.HANDLE_OPS);
    assertEquals("65c8fd4d", Selectors.FAILED_OP_WITH_REVERT);
    assertEquals("c80c907f", Selectors.QUOTA_EXHAUSTED);
    assertEquals("5e3d062f", Selectors.QUOTA_PAUSED);
    assertArrayEquals(new byte[] {0x76, 0x5e, (byte) 0x82, 0x7f}, HexFormat.of().parseHex(Selectors.HANDLE_OPS));
  }

  @Test
  void aBundleIsHandleOpsOfEntryPointAndNothingElse() {
    Address relay = Transactions.address(1);
    assertTrue(Transactions.bundle(relay, 0).isBundle());
    assertFalse(Transactions.call(relay, SystemAddresses.QUOTA, Transactions.HANDLE_OPS).isBundle());
    assertFalse(Transactions.call(relay, SystemAddresses.ENTRY_POINT, "765e82").isBundle());
    assertFalse(Transactions.call(relay, SystemAddresses.ENTRY_POINT, "").isBundle());
    byte[] data = HexFormat.of().parseHex(Transactions.HANDLE_OPS);
    assertFalse(new DirectTransaction(2, relay, Optional.empty(), 0, data).isBundle());
  }
}

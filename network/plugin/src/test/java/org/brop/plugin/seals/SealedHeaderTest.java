package org.brop.plugin.seals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.brop.plugin.chain.Address;
import org.brop.plugin.chain.Keccak;
import org.brop.plugin.chain.SystemAddresses;
import org.brop.plugin.support.FakeState;
import org.brop.plugin.support.Transactions;
import org.junit.jupiter.api.Test;

/** The header is one that Besu 26.8.0 made and sealed. */
class SealedHeaderTest {
  private static final Address SEALER = Address.of("0x0b05bc803eb9d1aa42a058fe8d26c1854e22ba5f");

  private static byte[] header() throws IOException {
    try (InputStream file = SealedHeaderTest.class.getResourceAsStream("/besu-header.txt")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.US_ASCII).strip();
      return HexFormat.of().parseHex(text.substring(2));
    }
  }

  @Test
  void theSealersOfARealBlockAreRecovered() throws IOException {
    SealedHeader sealed = SealedHeader.decode(header());
    assertEquals(0, sealed.round());
    assertEquals(List.of(SEALER), sealed.signers());
  }

  @Test
  void atRoundZeroTheSealsSignTheBlocksHash() throws IOException {
    assertEquals(
        "afd0ca10b281bd1cb095b5eb1b6b6058cfc5e1b7e9a717bafc4a58ca5b9b02b6",
        HexFormat.of().formatHex(SealedHeader.decode(header()).digest()));
  }

  @Test
  void anotherHeaderHasOtherSealers() throws IOException {
    byte[] changed = header();
    // Within the state root.
    changed[100] ^= 1;
    assertNotEquals(List.of(SEALER), SealedHeader.decode(changed).signers());
  }

  @Test
  void aSealThatIsNoSignatureIsRefused() {
    byte[] digest = Keccak.hash();
    byte[] seal = new byte[65];
    assertThrows(IllegalArgumentException.class, () -> SealSigner.recover(digest, seal));
    assertThrows(IllegalArgumentException.class, () -> SealSigner.recover(digest, new byte[64]));
    seal[31] = 1;
    seal[63] = 1;
    seal[64] = 2;
    assertThrows(IllegalArgumentException.class, () -> SealSigner.recover(digest, seal));
  }

  @Test
  void theValidatorsAreReadInTheirOrder() {
    List<Address> nodes = List.of(Transactions.address(3), Transactions.address(1), Transactions.address(2));
    FakeState state = new FakeState().store(SystemAddresses.VALIDATOR_SET, BigInteger.ZERO, BigInteger.valueOf(3));
    for (int i = 0; i < nodes.size(); i++) {
      BigInteger slot = Keccak.arraySlot(0).add(BigInteger.valueOf(i));
      state.store(SystemAddresses.VALIDATOR_SET, slot, nodes.get(i).word());
    }
    assertEquals(nodes, ValidatorStorage.validators(state));
    assertEquals(List.of(), ValidatorStorage.validators(new FakeState()));
  }

  @Test
  void aQuorumIsTwoThirdsRoundedUp() {
    int[] expected = {1, 2, 2, 3, 4, 4, 5};
    for (int validators = 1; validators <= expected.length; validators++) {
      assertEquals(expected[validators - 1], ValidatorStorage.quorum(validators));
    }
  }
}

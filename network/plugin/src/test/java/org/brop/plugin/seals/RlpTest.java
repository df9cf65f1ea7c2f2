package org.brop.plugin.seals;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RlpTest {
  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void examplesOfTheSpecificationAreRead() {
    Rlp.Sequence catAndDog = Rlp.decodeList(bytes("c88363617483646f67"));
    assertEquals(2, catAndDog.items().size());
    assertArrayEquals("dog".getBytes(), catAndDog.text(1));
    assertEquals(0, Rlp.decodeList(bytes("c0")).items().size());
    assertEquals(2, Rlp.decodeList(bytes("c7c0c1c0c3c0c1c0")).list(2).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "c1", "c180c0", "c283", "f8", "f800ff", "fb7fffffff", "ff7fffffffffffffff", "c2c280"})
  void whatIsNoListIsRefused(String hex) {
    assertThrows(IllegalArgumentException.class, () -> Rlp.decodeList(bytes(hex)));
  }

  @Test
  void theWrongKindOfItemIsRefused() {
    Rlp.Sequence mixed = Rlp.decodeList(bytes("c2c001"));
    assertThrows(IllegalArgumentException.class, () -> mixed.text(0));
    assertThrows(IllegalArgumentException.class, () -> mixed.list(1));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      byte[] encoded = Rlp.encode(sequence(random, 0));
      assertArrayEquals(encoded, Rlp.encode(Rlp.decodeList(encoded)));
    }
  }

  @Test
  void changedBytesAreReadOrRefusedAndNothingElse() {
    Random random = new Random(9);
    for (int i = 0; i < 5_000; i++) {
      byte[] changed = Rlp.encode(sequence(random, 0));
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      try {
        Rlp.decodeList(Arrays.copyOf(changed, random.nextInt(changed.length + 1)));
      } catch (IllegalArgumentException refused) {
        // As it should.
      }
    }
  }

  private static Rlp.Sequence sequence(Random random, int depth) {
    List<Rlp.Item> items = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      if (depth < 3 && random.nextInt(3) == 0) {
        items.add(sequence(random, depth + 1));
      } else {
        byte[] text = new byte[random.nextInt(random.nextBoolean() ? 3 : 300)];
        random.nextBytes(text);
        items.add(new Rlp.Text(text));
      }
    }
    return new Rlp.Sequence(items);
  }
}

package org.brop.plugin.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationsTest {
  @Test
  void withoutWordsEveryRuleHoldsFromTheFirstBlock() {
    for (RuleName rule : RuleName.values()) assertTrue(Activations.always().isInForce(rule, 1));
  }

  @Test
  void aRuleHoldsFromItsBlockOn() {
    Activations activations = Activations.parse("allowance:120, quota:5");
    assertFalse(activations.isInForce(RuleName.ALLOWANCE, 119));
    assertTrue(activations.isInForce(RuleName.ALLOWANCE, 120));
    assertTrue(activations.isInForce(RuleName.ALLOWANCE, 121));
    assertEquals(5, activations.firstBlock(RuleName.QUOTA));
    assertTrue(activations.isInForce(RuleName.ADMISSION, 1));
    assertEquals("types:1,creation:1,admission:1,allowance:120,quota:5", activations.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "admission", "admission:", "admission:x", "admission:-1", "admission:1:2", "admissions:1", ":1", ",", "types:1,",
        "types:1,types:2", "types:99999999999999999999", "TYPES:1"
      })
  void whatIsNoActivationIsRefusedWithTheEntry(String text) {
    String message = assertThrows(IllegalArgumentException.class, () -> Activations.parse(text)).getMessage();
    assertTrue(message.startsWith("Activation \""), message);
  }
}

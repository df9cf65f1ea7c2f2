package org.brop.plugin.rules;

/**
 * Why a transaction is refused.
 *
 * @param code the platform's error code, as the access node has it
 * @param words for the sender
 */
public record Refusal(RuleName rule, String code, String words) {
  @Override
  public String toString() {
    return code + ": " + words;
  }
}

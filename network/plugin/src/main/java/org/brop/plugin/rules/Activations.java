package org.brop.plugin.rules;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * First block of each rule. The blocks before it were made without the rule and stay valid, also for a node that checks
 * them later; so all nodes of a network have the same activations.
 */
public final class Activations {
  /** The genesis block has no transactions. */
  private static final long FIRST_BLOCK = 1;

  private final Map<RuleName, Long> blocks;

  private Activations(Map<RuleName, Long> blocks) {
    this.blocks = blocks;
  }

  /** Every rule from the first block on. */
  public static Activations always() {
    return parse("");
  }

  /**
   * Reads `rule:block,rule:block`; a rule that is not named holds from the first block on.
   *
   * @throws IllegalArgumentException with words for the operator
   */
  public static Activations parse(String text) {
    Map<RuleName, Long> blocks = new EnumMap<>(RuleName.class);
    if (!text.isBlank()) {
      for (String entry : text.split(",", -1)) {
        String[] parts = entry.strip().split(":", -1);
        if (parts.length != 2) throw invalid(entry, "must be RULE:BLOCK");
        RuleName rule = RuleName.of(parts[0]).orElseThrow(() -> invalid(entry, "names no rule"));
        if (blocks.put(rule, parseBlock(entry, parts[1])) != null) throw invalid(entry, "names a rule twice");
      }
    }
    for (RuleName rule : RuleName.values()) blocks.putIfAbsent(rule, FIRST_BLOCK);
    return new Activations(blocks);
  }

  public long firstBlock(RuleName rule) {
    return blocks.get(rule);
  }

  public boolean isInForce(RuleName rule, long block) {
    return block >= firstBlock(rule);
  }

  /** The activations as the option takes them, with every rule. */
  @Override
  public String toString() {
    return blocks.entrySet().stream()
        .map(entry -> entry.getKey().label() + ":" + entry.getValue())
        .collect(Collectors.joining(","));
  }

  private static long parseBlock(String entry, String text) {
    if (!text.matches("[0-9]{1,15}")) throw invalid(entry, "has no block number");
    return Long.parseLong(text);
  }

  private static IllegalArgumentException invalid(String entry, String reason) {
    return new IllegalArgumentException("Activation \"" + entry + "\" " + reason);
  }
}

package org.brop.plugin.rules;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The rules, by the names that options, metrics and answers use. */
public enum RuleName {
  TYPES(true),
  CREATION(true),
  ADMISSION(true),
  ALLOWANCE(true),
  QUOTA(false);

  private final boolean validity;

  RuleName(boolean validity) {
    this.validity = validity;
  }

  /** True: a block that breaks the rule is invalid. False: the rule is one of packaging only. */
  public boolean decidesValidity() {
    return validity;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<RuleName> of(String label) {
    return Arrays.stream(values()).filter(name -> name.label().equals(label)).findFirst();
  }
}

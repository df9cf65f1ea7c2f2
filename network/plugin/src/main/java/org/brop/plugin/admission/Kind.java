package org.brop.plugin.admission;

import java.util.Locale;

/** What a sender of direct transactions is; the numbers of `IAdmission.Kind`. */
public enum Kind {
  NONE,
  OPERATOR,
  SEAT,
  RELAY;

  /** A number that this version does not know permits nothing. */
  static Kind of(long number) {
    return number < values().length ? values()[(int) number] : NONE;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

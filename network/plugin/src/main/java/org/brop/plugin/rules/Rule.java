package org.brop.plugin.rules;

import java.util.Optional;
import org.brop.plugin.chain.DirectTransaction;
import org.brop.plugin.chain.ParentBlock;

/** A rule that decides whether a transaction may stand in the block after `parent`. */
public interface Rule {
  RuleName name();

  Optional<Refusal> check(DirectTransaction transaction, ParentBlock parent);

  default Optional<Refusal> refuse(String code, String words) {
    return Optional.of(new Refusal(name(), code, words));
  }
}

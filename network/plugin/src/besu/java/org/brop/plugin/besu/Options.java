package org.brop.plugin.besu;

import java.util.List;
import org.brop.plugin.rules.Activations;
import picocli.CommandLine.Option;

/** The plugin's options on Besu's command line. */
public final class Options {
  public static final String NAMESPACE = "brop";

  @Option(
      names = "--plugin-brop-activations",
      paramLabel = "<RULE:BLOCK>",
      split = ",",
      description = "First block of each rule (types, creation, admission, allowance, quota); default: 1 for all")
  private List<String> activations = List.of();

  Activations activations() {
    return Activations.parse(String.join(",", activations));
  }
}

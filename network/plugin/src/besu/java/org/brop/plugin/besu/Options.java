package org.brop.plugin.besu;

import org.brop.plugin.rules.Activations;
import picocli.CommandLine.Option;

/** The plugin's options on Besu's command line. */
public final class Options {
  public static final String NAMESPACE = "brop";

  @Option(
      names = "--plugin-brop-activations",
      paramLabel = "<RULE:BLOCK,...>",
      description = "First block of each rule (types, creation, admission, allowance, quota); default: 1 for all")
  // One word and no list: that is how it stands in besu.toml as well.
  private String activations = "";

  Activations activations() {
    return Activations.parse(activations);
  }
}

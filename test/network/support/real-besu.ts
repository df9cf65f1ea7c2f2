import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Besu's plugin as `network/plugin/README.md` builds it. */
export const PLUGIN = fileURLToPath(new URL("../../../network/plugin/target/brop-plugin.jar", import.meta.url));

/** Why tests with real nodes can not run on this machine; undefined when they can. */
export function besuObstacle(): string | undefined {
  const home = process.env.BESU_HOME;
  if (!home) return "set BESU_HOME to an installed Besu to run the tests with real nodes";
  if (!existsSync(join(home, "bin/besu"))) return `BESU_HOME is ${home}, and there is no bin/besu in it`;
  if (!existsSync(PLUGIN)) return "build Besu's plugin (network/plugin/README.md) to run the tests with real nodes";
  return undefined;
}

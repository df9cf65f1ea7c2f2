import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** An unpacked Besu. */
export interface BesuHome {
  readonly home: string;
  readonly version: string;
  /** All jars of its `lib` folder, as a class path. */
  readonly classPath: string;
}

/** Jars that have Besu's own version; others, such as `besu-native-common`, have one of theirs. */
const VERSIONED = /^besu(?:-app|-datatypes|-plugin-api)?-(\d+(?:\.\d+)+)[\w.-]*\.jar$/;

/**
 * Reads `BESU_HOME`.
 * @throws Error with words for the one who set it
 */
export function readBesuHome(home: string | undefined): BesuHome {
  if (!home) throw new Error("BESU_HOME is not set: it names the folder of an unpacked Besu 26.8");
  const lib = join(home, "lib");
  if (!existsSync(lib)) throw new Error(`${home} is no unpacked Besu: it has no folder "lib"`);
  const jars = readdirSync(lib).filter((name) => name.endsWith(".jar"));
  const version = jars.flatMap((name) => VERSIONED.exec(name)?.[1] ?? [])[0];
  if (version === undefined) throw new Error(`${lib} holds no jar of Besu`);
  return { home, version, classPath: jars.map((name) => join(lib, name)).join(delimiter) };
}

import { join, relative } from "node:path";
import { readBesuHome } from "./besu-home.ts";
import { findJdk } from "./jdk.ts";
import { hasMaven, PLUGIN_FOLDER, runMaven } from "./maven.ts";

// Builds the Besu plugin: npm run plugin, with BESU_HOME.

/** Besu 26 is compiled for Java 25. */
const JAVA = 25;

try {
  console.log(build());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** Makes the jar and says where it is. */
function build(): string {
  const besu = readBesuHome(process.env.BESU_HOME);
  const jdk = findJdk(JAVA);
  if (!jdk) throw new Error(`There is no JDK ${JAVA} or newer: install one, or set JAVA_HOME`);
  if (!hasMaven()) throw new Error("There is no mvn on the path: install Maven 3.8 or newer");
  const properties = [`-Dbesu.classpath=${besu.classPath}`, `-Dbesu.version=${besu.version}`];
  const result = runMaven(jdk, ["--quiet", "clean", "package", "-DskipTests", ...properties]);
  if (result.status !== 0) throw new Error(`${result.output}\nThe plugin was not built`);
  const jar = join(PLUGIN_FOLDER, "target", "brop-plugin.jar");
  return `Built against Besu ${besu.version}: ${relative(process.cwd(), jar)}`;
}

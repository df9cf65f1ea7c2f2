import { join } from "node:path";
import { type BesuHome, readBesuHome } from "./besu-home.ts";
import { findJdk, type Jdk } from "./jdk.ts";
import { hasMaven, PLUGIN_FOLDER, runMaven } from "./maven.ts";

// Builds the Besu plugin: npm run plugin, with BESU_HOME.

/** Besu 26 is compiled for Java 25 and runs on it. */
const JAVA = 25;

export const PLUGIN_JAR = join(PLUGIN_FOLDER, "target", "brop-plugin.jar");

/** The JDK that Besu runs on. @throws Error with words for whoever has to install one */
export function besuJdk(): Jdk {
  const jdk = findJdk(JAVA);
  if (!jdk) throw new Error(`There is no JDK ${JAVA} or newer: install one, or set JAVA_HOME`);
  return jdk;
}

/** Makes the jar. @throws Error with words for whoever has to mend it */
export function buildPlugin(besu: BesuHome): void {
  const jdk = besuJdk();
  if (!hasMaven()) throw new Error("There is no mvn on the path: install Maven 3.8 or newer");
  const properties = [`-Dbesu.classpath=${besu.classPath}`, `-Dbesu.version=${besu.version}`];
  const result = runMaven(jdk, ["--quiet", "clean", "package", "-DskipTests", ...properties]);
  if (result.status !== 0) throw new Error(`${result.output}\nThe plugin was not built`);
}

if (import.meta.main) {
  try {
    const besu = readBesuHome(process.env.BESU_HOME);
    buildPlugin(besu);
    console.log(`Built against Besu ${besu.version}: ${PLUGIN_JAR}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

import { existsSync, globSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

export interface Jdk {
  readonly home: string;
  /** 25 for 25.0.1. */
  readonly version: number;
}

const FOLDERS = ["/usr/lib/jvm/*", "/opt/java/*", "/Library/Java/JavaVirtualMachines/*/Contents/Home"];

/** A JDK that is at least `minimum`: the one of `JAVA_HOME`, the one on the path, or the newest in the usual folders. */
export function findJdk(minimum: number, environment: NodeJS.ProcessEnv = process.env): Jdk | undefined {
  const folders = (environment.PATH ?? "").split(delimiter);
  const onPath = folders.map((folder) => join(folder, "javac")).filter((program) => existsSync(program));
  // What stands on the path is often a link to the real place.
  const named = [environment.JAVA_HOME ?? "", ...onPath.map((program) => dirname(dirname(realpathSync(program))))];
  const installed = globSync(FOLDERS).flatMap(readJdk);
  installed.sort((one, other) => other.version - one.version);
  return [...named.flatMap(readJdk), ...installed].find(({ version }) => version >= minimum);
}

/** A JDK says its version in a file; a runtime without compiler is none. */
function readJdk(home: string): Jdk[] {
  const release = join(home, "release");
  if (home === "" || !existsSync(release)) return [];
  if (!["javac", "javac.exe"].some((name) => existsSync(join(home, "bin", name)))) return [];
  const version = /^JAVA_VERSION="(\d+)/m.exec(readFileSync(release, "utf8"))?.[1];
  return version === undefined ? [] : [{ home, version: Number(version) }];
}

import { existsSync, globSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

export interface Jdk {
  readonly home: string;
  /** 25 for 25.0.1. */
  readonly version: number;
}

const FOLDERS = ["/usr/lib/jvm/*", "/opt/java/*", "/Library/Java/JavaVirtualMachines/*/Contents/Home"];

/** The newest JDK of this machine that is at least `minimum`: `JAVA_HOME`, the path, or the usual folders. */
export function findJdk(minimum: number, environment: NodeJS.ProcessEnv = process.env): Jdk | undefined {
  const onPath = (environment.PATH ?? "").split(delimiter).map(dirname);
  const homes = [environment.JAVA_HOME ?? "", ...onPath, ...globSync(FOLDERS)];
  const found = homes.flatMap((home) => readJdk(home)).filter(({ version }) => version >= minimum);
  return found.sort((one, other) => other.version - one.version)[0];
}

/** A JDK says its version in a file; a runtime without compiler is none. */
function readJdk(home: string): Jdk[] {
  const release = join(home, "release");
  if (home === "" || !existsSync(release)) return [];
  if (!["javac", "javac.exe"].some((name) => existsSync(join(home, "bin", name)))) return [];
  const version = /^JAVA_VERSION="(\d+)/m.exec(readFileSync(release, "utf8"))?.[1];
  return version === undefined ? [] : [{ home, version: Number(version) }];
}

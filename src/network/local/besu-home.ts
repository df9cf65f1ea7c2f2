import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { BropError } from "../../core/errors.ts";

/**
 * Besu's folder, for packages' `BESU_HOME`; undefined where `besu` is on the path and they find it themselves.
 *
 * @param home the setting BESU_HOME
 * @param path the search path for programs
 * @throws BropError `network.besu-missing`
 */
export function findBesu(home: string | undefined, path: string): string | undefined {
  if (home !== undefined) {
    const program = join(home, "bin", "besu");
    if (!isProgram(program)) throw missing(`BESU_HOME is ${home}, and ${program} is no program`);
    return home;
  }
  if (path.split(delimiter).some((folder) => isProgram(join(folder, "besu")))) return undefined;
  throw missing("BESU_HOME is not set, and there is no besu on the path");
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path) && statSync(path).isFile();
  } catch {
    return false;
  }
}

function missing(reason: string): BropError {
  return new BropError("network.besu-missing", { reason }, `Besu is not found: ${reason}`);
}

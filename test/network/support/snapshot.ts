import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Digest and time of every file below a folder. */
export function snapshot(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const { mtimeMs } = statSync(path);
      return [path, `${createHash("sha256").update(readFileSync(path)).digest("hex")} ${mtimeMs}`];
    }),
  );
}

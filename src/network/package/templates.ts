import { readFileSync } from "node:fs";

const FOLDER = new URL("../../../network/package/", import.meta.url);

/**
 * A file of `network/package`, with what stands in double braces filled in.
 * @throws Error when a name is left over, which would be a fault of ours
 */
export function template(path: string, values: Readonly<Record<string, string>> = {}): string {
  const text = readFileSync(new URL(path, FOLDER), "utf8");
  return text.replace(/\{\{([A-Z_]+)\}\}/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`network/package/${path}: nothing for ${name}`);
    return value;
  });
}

import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const FOLDER = fileURLToPath(new URL("../bench/", import.meta.url));

/** Names of the comparisons: one file a question, helpers in folders. */
function names(): string[] {
  if (!existsSync(FOLDER)) return [];
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".ts"));
  return files.map((file) => file.slice(0, -".ts".length)).sort();
}

const [name, ...args] = process.argv.slice(2);
if (name !== undefined && names().includes(name)) {
  // The comparison sees its own arguments, as if it had been started by itself.
  process.argv = [process.argv[0]!, `${FOLDER}${name}.ts`, ...args];
  await import(pathToFileURL(`${FOLDER}${name}.ts`).href);
} else {
  if (name !== undefined) console.error(`There is no comparison "${name}".`);
  console.log(`Usage: npm run bench -- NAME\n\n${names().join("\n")}`);
  process.exitCode = name === undefined ? 0 : 1;
}

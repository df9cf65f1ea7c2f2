import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { MUTANTS } from "./mutants.ts";

// Loaded before a worker: gives it one source file in its broken form.
const mutant = MUTANTS[Number(process.env.SIMULATION_MUTANT)];
if (mutant === undefined) throw new Error("SIMULATION_MUTANT names no mutant");
const target = fileURLToPath(new URL(`../../../${mutant.file}`, import.meta.url));

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith("file:") || fileURLToPath(url) !== target) return loaded;
    let source = Buffer.from(loaded.source as Uint8Array).toString();
    for (const [find, replace] of mutant.changes) {
      if (source.split(find).length !== 2) throw new Error(`${mutant.file} does not hold once: ${find}`);
      source = source.replace(find, () => replace);
    }
    return { ...loaded, source };
  },
});

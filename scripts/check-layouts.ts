/**
 * Checks that an upgrade to the contracts of this checkout would find what is stored where it was: the storage layout of
 * every upgradeable contract may only grow at its end. `npm run layouts` writes down what grew.
 *
 * `npm run layouts -- --fresh NAME` takes a layout as it is, for a contract that no network runs yet.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compiledLayouts } from "./layouts/compiled.ts";
import { judgeLayouts } from "./layouts/judge.ts";
import type { Layouts } from "./layouts/layout.ts";
import { reportFindings } from "./report-findings.ts";

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    fresh: { type: "string", multiple: true, default: [] },
    file: { type: "string", default: fileURLToPath(new URL("../contracts/storage-layouts.json", import.meta.url)) },
  },
});

const compiled = compiledLayouts();
const committed = existsSync(values.file) ? (JSON.parse(readFileSync(values.file, "utf8")) as Layouts) : {};
const { clashes, outdated } = judgeLayouts(committed, compiled, values.fresh);
if (clashes.length > 0) reportFindings(clashes);
else if (values.write) writeFileSync(values.file, `${JSON.stringify(compiled, null, 2)}\n`);
else
  reportFindings(outdated.map((name) => `${name}: its storage is new or grew; \`npm run layouts\` writes that down`));

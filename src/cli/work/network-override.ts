import { copyFile, rename, writeFile } from "node:fs/promises";
import { BropError } from "../../core/errors.ts";
import { withOverride, withoutOverride } from "../../network/genesis/override.ts";
import { readJson } from "../json-file.ts";
import type { Session } from "../session.ts";

interface Typed {
  fromBlock?: number;
  validator?: readonly string[];
  backAt?: number;
}

/** Names the validators in a node's genesis file, for a chain that can not agree on a block any more. */
export async function override({ output }: Session, file: string, typed: Typed): Promise<void> {
  const genesis = await readJson(file);
  const changed = changedBy(genesis, typed);
  const kept = `${file}.before`;
  await copyFile(file, kept);
  await writeFile(`${file}.writing`, `${JSON.stringify(changed, null, 1)}\n`, { flush: true });
  await rename(`${file}.writing`, file);
  output.note("every node of the network needs the same file, for ever: also those that come later");
  output.result({ file, kept, ...typed }, () => `${file} is changed; as it was it is ${kept}. Restart the node.`);
}

function changedBy(genesis: unknown, { fromBlock, validator = [], backAt }: Typed): object {
  if (fromBlock === undefined && validator.length === 0 && backAt !== undefined)
    return withoutOverride(genesis, backAt);
  // Besu 26.8.0 asked the contract all the time when both were in the file at once.
  if (fromBlock === undefined || validator.length === 0 || backAt !== undefined) {
    const reason = "--from-block and --validator go together; --back-at comes later, alone, and ends an override";
    throw new BropError("request.invalid", { field: "--from-block, --validator", reason });
  }
  return withOverride(genesis, { fromBlock, validators: validator });
}

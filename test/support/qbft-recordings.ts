import { readFileSync } from "node:fs";

const FOLDER = new URL("../fixtures/qbft/", import.meta.url);

/** A recorded JSON-RPC answer of a Besu node; `test/fixtures/qbft/README.md` says what there is. */
export function recorded(name: string): never {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as never;
}

/** A block as it was recorded, as far as tests name its members. */
export interface RecordedBlock {
  number: string;
  hash: string;
  stateRoot: string;
  extraData: string;
  [member: string]: unknown;
}

export const CONTRACT_MODE_BLOCKS = [1, 2, 41, 42, 43, 44, 46, 47, 48, 51, 52, 53, 54, 57];

export function contractModeBlock(number: number | string): RecordedBlock {
  return recorded(`contract-mode/block-${number}`);
}

/** The validators that seal a block: the set after the latest change before it. */
export function recordedValidators(block: number): string[] {
  const sets = recorded("contract-mode/validators") as { afterBlock: number; validators: string[] }[];
  const set = sets.findLast(({ afterBlock }) => afterBlock < block);
  if (set === undefined) throw new Error(`No validators were recorded for block ${block}`);
  return set.validators;
}

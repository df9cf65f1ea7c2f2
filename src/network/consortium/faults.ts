import { BropError } from "../../core/errors.ts";

/** Something in a file that can not stay as it is. */
export interface Fault {
  /** From 1. */
  line: number;
  /** Where in the file, for example `validators[1].host`; empty for the file as a whole. */
  place: string;
  problem: string;
  remedy: string;
}

/** @throws BropError `network.file-invalid` with every fault, in the order of the file; nothing when there is none */
export function throwFaults(path: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const sorted = faults.toSorted((a, b) => a.line - b.line);
  const count = sorted.length === 1 ? "1 fault" : `${sorted.length} faults`;
  const lines = sorted.map(({ line, place, problem, remedy }) => {
    const where = place === "" ? "" : `${place} `;
    return `line ${line}: ${where}${problem}: ${remedy}`;
  });
  throw new BropError("network.file-invalid", { path, faults: sorted, lines }, `${path} has ${count}`);
}

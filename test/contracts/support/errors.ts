import { expect } from "chai";
import { type ErrorDescription, ErrorFragment, Interface } from "ethers";
import { abi } from "../../../generated/abi.ts";

/** An error of a contract as tests compare it. */
export interface ContractFailure {
  name: string;
  args: unknown[];
}

const fragments = new Map<string, ErrorFragment>();
for (const contract of Object.values(abi)) {
  new Interface(contract).forEachError((fragment) => fragments.set(fragment.selector, fragment));
}
fragments.set("0x3c10b94e", ErrorFragment.from("UnsupportedExecutionMode()"));
const allErrors = new Interface([...fragments.values()]);

/** Reads revert data; data of no known error stays as it is, under the name `unknown`. */
export function readFailure(data: string): ContractFailure {
  let description: ErrorDescription | null = null;
  try {
    description = allErrors.parseError(data);
  } catch {
    // The selector fits and the rest does not.
  }
  return description
    ? { name: description.name, args: plain([...description.args]) }
    : { name: "unknown", args: [data] };
}

/** Revert data inside what a provider or ethers threw. */
export function revertData(error: unknown): string | undefined {
  for (let at = error; typeof at === "object" && at !== null; ) {
    const { data, info, cause } = at as { data?: unknown; info?: { error?: unknown }; cause?: unknown };
    if (typeof data === "string" && data.startsWith("0x")) return data;
    at = typeof data === "object" && data !== null ? data : (info?.error ?? cause);
  }
  return undefined;
}

/** Expects a transaction or call to revert with a custom error. */
export async function expectRevert(promise: Promise<unknown>, name: string, args?: unknown[]): Promise<void> {
  let thrown: unknown;
  try {
    await promise;
  } catch (error) {
    thrown = error;
  }
  if (thrown === undefined) expect.fail(`${name} was expected, but nothing reverted`);
  const data = revertData(thrown);
  if (data === undefined) throw thrown;
  expectFailure(readFailure(data), name, args);
}

/** Compares an error with the one that a test names. */
export function expectFailure(failure: ContractFailure, name: string, args?: unknown[]): void {
  expect(failure.name, textOf(failure)).to.equal(name);
  if (args !== undefined) expect(failure.args).to.deep.equal(plain(args));
}

/** Values in one form: numbers as bigint, tuples as arrays. */
export function plain<T>(value: T): T {
  if (typeof value === "number") return BigInt(value) as T;
  if (Array.isArray(value)) return Array.from(value, (one) => plain(one)) as T;
  return value;
}

/** Any value for a failing test's message. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === "bigint" ? String(one) : one));
}

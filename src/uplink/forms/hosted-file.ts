import { BropError } from "../../core/errors.ts";
import type { Form } from "../form.ts";
import type { ContractBook } from "./contract-book.ts";

/** A file that is kept off chain, as HostedFiles has it (EV-7). */
export interface HostedFileRequest {
  /** SHA-256 of its bytes. */
  contentDigest: string;
  /** SHA-256 of the address under which it can be had. */
  addressDigest: string;
  /** Bytes. */
  size: number;
  /** Seconds since 1970: the first second after its term. */
  until: number;
}

/** As the contract has it: seconds in 40 bits. */
const LAST_SECOND = 2 ** 40 - 1;

/** Registers a file for its term. @throws BropError `request.invalid` */
export async function hostedFileForm(book: ContractBook, request: HostedFileRequest): Promise<Form> {
  const { contentDigest, addressDigest, size, until } = request;
  const values = [contentDigest, addressDigest, size, checkedEnd(until)];
  return callOf(book, "hosted-file", "register", values, { contentDigest, addressDigest, size, until });
}

/** Prolongs a file's term. @throws BropError `request.invalid` */
export async function hostedFileExtensionForm(book: ContractBook, contentDigest: string, until: number): Promise<Form> {
  return callOf(book, "hosted-file-extend", "extend", [contentDigest, checkedEnd(until)], { contentDigest, until });
}

/** Ends a file's term now. */
export async function hostedFileEndForm(book: ContractBook, contentDigest: string): Promise<Form> {
  return callOf(book, "hosted-file-end", "end", [contentDigest], { contentDigest });
}

async function callOf(
  book: ContractBook,
  kind: string,
  name: string,
  values: readonly unknown[],
  content: Record<string, unknown>,
): Promise<Form> {
  const { address, interface: abi } = await book.find("HostedFiles");
  return { kind, calls: [{ target: address, data: abi.encodeFunctionData(name, values) }], content };
}

function checkedEnd(until: number): number {
  if (until > 0 && until <= LAST_SECOND) return until;
  throw new BropError("request.invalid", { field: "until", reason: "lies outside of the calendar of the chain" });
}

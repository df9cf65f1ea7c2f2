import { getAddress } from "ethers";
import { AbiReader } from "./abi-reader.ts";
import { BropError } from "./errors.ts";
import { hexLength, isHexBytes, word } from "./hex.ts";

/** Selector of ERC-7821's `execute(bytes32 mode, bytes executionData)`. */
export const EXECUTE_SELECTOR = "0xe9ae5c53";
/** ERC-7821: a batch that reverts as a whole if one call does, without further data. */
export const BATCH_MODE = `0x01${"0".repeat(62)}`;

/** ERC-7579: one call, its target, value and data one behind the other. */
export const SINGLE_MODE = `0x${"0".repeat(64)}`;

/** One call of a batch. The zero address as target means the account itself (ERC-7821). */
export interface Call {
  target: string;
  /** wei; 0 by default: BROP has no currency */
  value?: bigint | undefined;
  /** call data, `0x...` */
  data: string;
}

/**
 * Call data that makes an account do all `calls` in order, or none of them: a single call in ERC-7579's short form,
 * several as an ERC-7821 batch.
 * @throws BropError `request.invalid` that names what is no address, no bytes or no unsigned number
 */
export function encodeExecute(calls: readonly Call[]): string {
  const [only] = calls;
  return only !== undefined && calls.length === 1 ? encodeSingle(only) : encodeBatch(calls);
}

/** Call data of an ERC-7821 batch, whatever the number of calls. */
export function encodeBatch(calls: readonly Call[]): string {
  let offsets = "";
  let bodies = "";
  let offset = calls.length * 32;
  for (const [index, call] of calls.entries()) {
    const body = encodeCall(call, `calls[${index}]`);
    offsets += word(offset);
    bodies += body;
    offset += body.length / 2;
  }
  const executionData = word(32) + word(calls.length) + offsets + bodies;
  const head = EXECUTE_SELECTOR + BATCH_MODE.slice(2) + word(64) + word(executionData.length / 2);
  return (head + executionData).toLowerCase();
}

/**
 * Reads the calls back.
 * @returns undefined if this is the call data of something else, or cannot be decoded: the account would refuse it
 */
export function decodeExecute(callData: string): Required<Call>[] | undefined {
  const text = callData.toLowerCase();
  if (!text.startsWith(EXECUTE_SELECTOR)) return undefined;
  try {
    const parameters = new AbiReader(text, EXECUTE_SELECTOR.length);
    const mode = parameters.word(0);
    if (mode === SINGLE_MODE) return decodeSingle(parameters.bytes(1));
    if (mode !== BATCH_MODE) return undefined;
    const list = new AbiReader(parameters.bytes(1), 2).follow(0);
    const count = list.size(0);
    const items = list.behind();
    return Array.from({ length: count }, (_, index) => {
      const call = items.follow(index);
      return { target: call.address(0), value: BigInt(call.word(1)), data: call.bytes(2) };
    });
  } catch (error) {
    if (error instanceof BropError) return undefined;
    throw error;
  }
}

function encodeSingle(call: Call): string {
  const { target, value, data } = checked(call, "calls[0]");
  const executionData = target.slice(2) + word(value) + data.slice(2);
  const padded = executionData.padEnd(Math.ceil(executionData.length / 64) * 64, "0");
  const head = EXECUTE_SELECTOR + SINGLE_MODE.slice(2) + word(64) + word(executionData.length / 2);
  return (head + padded).toLowerCase();
}

/** 20 bytes of the target, 32 of the value, the rest is the call's data. */
function decodeSingle(executionData: string): Required<Call>[] | undefined {
  if (hexLength(executionData) < 52) return undefined;
  const target = getAddress(executionData.slice(0, 42));
  return [{ target, value: BigInt(`0x${executionData.slice(42, 106)}`), data: `0x${executionData.slice(106)}` }];
}

function encodeCall(call: Call, name: string): string {
  const { target, value, data } = checked(call, name);
  const digits = data.slice(2);
  return (
    target.slice(2).padStart(64, "0") +
    word(value) +
    word(96) +
    word(hexLength(data)) +
    digits.padEnd(Math.ceil(digits.length / 64) * 64, "0")
  );
}

function checked(call: Call, name: string): Required<Call> & { value: bigint } {
  const { target, value = 0n, data } = call;
  if (!isHexBytes(target, 20)) throw invalid(`${name}.target`, "must be an address");
  if (!isHexBytes(data)) throw invalid(`${name}.data`, "must be bytes in hexadecimal with 0x in front");
  if (value < 0n || value >= 1n << 256n) throw invalid(`${name}.value`, "must be an unsigned 256-bit number");
  return { target, value, data };
}

function invalid(field: string, reason: string): BropError {
  return new BropError("request.invalid", { field, reason });
}

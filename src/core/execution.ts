import { AbiReader } from "./abi-reader.ts";
import { BropError } from "./errors.ts";
import { hexLength, isHexBytes, word } from "./hex.ts";

/** Selector of ERC-7821's `execute(bytes32 mode, bytes executionData)`. */
export const EXECUTE_SELECTOR = "0xe9ae5c53";
/** ERC-7821: a batch that reverts as a whole if one call does, without further data. */
export const BATCH_MODE = `0x01${"0".repeat(62)}`;

/** One call of a batch. The zero address as target means the account itself (ERC-7821). */
export interface Call {
  target: string;
  /** wei; 0 by default: BROP has no currency */
  value?: bigint | undefined;
  /** call data, `0x...` */
  data: string;
}

// What OpenZeppelin's accounts look at: batch, revert on failure, no mode selector. Bytes 2-5 and 10-31 are free.
const SUPPORTED_MODE = /^0x0100[0-9a-f]{8}0{8}/;

/**
 * Call data that makes an account do all `calls` in order, or none of them (ERC-7821).
 * @throws BropError `request.invalid` that names what is no address, no bytes or no unsigned number
 */
export function encodeExecute(calls: readonly Call[]): string {
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
    if (!SUPPORTED_MODE.test(parameters.word(0))) return undefined;
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

function encodeCall(call: Call, name: string): string {
  const { target, value = 0n, data } = call;
  if (!isHexBytes(target, 20)) throw invalid(`${name}.target`, "must be an address");
  if (!isHexBytes(data)) throw invalid(`${name}.data`, "must be bytes in hexadecimal with 0x in front");
  if (value < 0n || value >= 1n << 256n) throw invalid(`${name}.value`, "must be an unsigned 256-bit number");
  const digits = data.slice(2);
  return (
    target.slice(2).padStart(64, "0") +
    word(value) +
    word(96) +
    word(hexLength(data)) +
    digits.padEnd(Math.ceil(digits.length / 64) * 64, "0")
  );
}

function invalid(field: string, reason: string): BropError {
  return new BropError("request.invalid", { field, reason });
}

import { AbiReader } from "./abi-reader.ts";
import { hexLength, word } from "./hex.ts";
import type { PackedUserOperation } from "./user-operation.ts";

/** Selector of `EntryPoint.handleOps(PackedUserOperation[],address)`. */
export const HANDLE_OPS_SELECTOR = "0x765e827f";

/**
 * Call data of `EntryPoint.handleOps`. Written out by hand because the bundler encodes thousands of operations a
 * second: one string is put together with no intermediate tree.
 * @param beneficiary who would get the fees; with a zero gas price, the relay itself
 */
export function encodeHandleOps(operations: PackedUserOperation[], beneficiary: string): string {
  let offsets = "";
  let bodies = "";
  // Offsets count from behind the array's length.
  let offset = operations.length * 32;
  for (const operation of operations) {
    const body = encodeOperation(operation);
    offsets += word(offset);
    bodies += body;
    offset += body.length / 2;
  }
  const head = HANDLE_OPS_SELECTOR + word(64) + addressWord(beneficiary) + word(operations.length);
  return (head + offsets + bodies).toLowerCase(); // addresses come with the mixed case of their checksum
}

/**
 * Reads the call data of `EntryPoint.handleOps` back.
 * @returns undefined if it is the call data of something else
 * @throws BropError `request.invalid` if the selector fits and the rest can not be decoded
 */
export function decodeHandleOps(
  callData: string,
): { operations: PackedUserOperation[]; beneficiary: string } | undefined {
  const text = callData.toLowerCase();
  if (!text.startsWith(HANDLE_OPS_SELECTOR)) return undefined;
  const arguments_ = new AbiReader(text, HANDLE_OPS_SELECTOR.length);
  const list = arguments_.follow(0);
  const count = list.size(0);
  const items = list.behind();
  const operations = Array.from({ length: count }, (_, index) => decodeOperation(items.follow(index)));
  return { operations, beneficiary: arguments_.address(1) };
}

function decodeOperation(words: AbiReader): PackedUserOperation {
  return {
    sender: words.address(0),
    nonce: BigInt(words.word(1)),
    initCode: words.bytes(2),
    callData: words.bytes(3),
    accountGasLimits: words.word(4),
    preVerificationGas: BigInt(words.word(5)),
    gasFees: words.word(6),
    paymasterAndData: words.bytes(7),
    signature: words.bytes(8),
  };
}

function encodeOperation(operation: PackedUserOperation): string {
  const initCode = bytesTail(operation.initCode);
  const callData = bytesTail(operation.callData);
  const paymasterAndData = bytesTail(operation.paymasterAndData);
  const initCodeAt = 9 * 32;
  const callDataAt = initCodeAt + initCode.length / 2;
  const paymasterAt = callDataAt + callData.length / 2;
  const signatureAt = paymasterAt + paymasterAndData.length / 2;
  return (
    addressWord(operation.sender) +
    word(operation.nonce) +
    word(initCodeAt) +
    word(callDataAt) +
    operation.accountGasLimits.slice(2) +
    word(operation.preVerificationGas) +
    operation.gasFees.slice(2) +
    word(paymasterAt) +
    word(signatureAt) +
    initCode +
    callData +
    paymasterAndData +
    bytesTail(operation.signature)
  );
}

// Length, then the bytes filled up to whole words.
function bytesTail(hex: string): string {
  const digits = hex.slice(2);
  return word(hexLength(hex)) + digits.padEnd(Math.ceil(digits.length / 64) * 64, "0");
}

function addressWord(address: string): string {
  return address.slice(2).padStart(64, "0");
}

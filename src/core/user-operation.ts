import { getAddress } from "ethers";
import { BropError } from "./errors.ts";
import { bytesToHex, hexLength, hexToBytes, isHexBytes, writeHex } from "./hex.ts";
import { keccak256 } from "./keccak.ts";

/** EntryPoint v0.8 of ERC-4337 at its canonical address. */
export const ENTRY_POINT = "0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108";
/** The contract that EntryPoint v0.8 creates for itself. */
export const SENDER_CREATOR = "0x449ED7C3e6Fee6a97311d4b55475DF59C44AdD33";
/** Well-formed and nobody's: estimates need a signature's size, not its truth. */
export const DUMMY_SIGNATURE = `0x${"f".repeat(31)}${"0".repeat(33)}7${"a".repeat(63)}1c`;

/** A user operation as clients speak of it (ERC-7769), its numbers as bigint, its bytes as `0x...`. */
export interface UserOperation {
  sender: string;
  nonce: bigint;
  factory?: string;
  factoryData?: string;
  callData: string;
  callGasLimit: bigint;
  verificationGasLimit: bigint;
  preVerificationGas: bigint;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
  paymaster?: string;
  paymasterVerificationGasLimit?: bigint;
  paymasterPostOpGasLimit?: bigint;
  paymasterData?: string;
  signature: string;
  /** EIP-7702 authorisation; kept only so that it can be refused by name. */
  eip7702Auth?: Record<string, unknown>;
}

/** A user operation as EntryPoint takes it: two 128-bit numbers share a word. */
export interface PackedUserOperation {
  sender: string;
  nonce: bigint;
  initCode: string;
  callData: string;
  /** verificationGasLimit (128) | callGasLimit (128) */
  accountGasLimits: string;
  preVerificationGas: bigint;
  /** maxPriorityFeePerGas (128) | maxFeePerGas (128) */
  gasFees: string;
  paymasterAndData: string;
  signature: string;
}

type Kind = "address" | "factory" | "bytes" | "uint128" | "uint256" | "object";

const FIELDS: Record<keyof UserOperation, Kind> = {
  sender: "address",
  nonce: "uint256",
  factory: "factory",
  factoryData: "bytes",
  callData: "bytes",
  callGasLimit: "uint128",
  verificationGasLimit: "uint128",
  preVerificationGas: "uint256",
  maxFeePerGas: "uint128",
  maxPriorityFeePerGas: "uint128",
  paymaster: "address",
  paymasterVerificationGasLimit: "uint128",
  paymasterPostOpGasLimit: "uint128",
  paymasterData: "bytes",
  signature: "bytes",
  eip7702Auth: "object",
};
const REQUIRED = ["sender", "nonce", "callData", "signature"] as const;
const GAS_FIELDS = [
  "callGasLimit",
  "verificationGasLimit",
  "preVerificationGas",
  "maxFeePerGas",
  "maxPriorityFeePerGas",
] as const;
const QUANTITY = /^0x[0-9a-fA-F]{1,64}$/;
const EIP7702_MARKER = "0x7702";
// EntryPoint expects the marker to fill the place of an address.
const EIP7702_FACTORY = EIP7702_MARKER.padEnd(42, "0");

/**
 * Reads a user operation in its JSON-RPC form (ERC-7769). Quantities may have leading zeros, as some clients write
 * them; a member with the value null counts as absent; an unknown member is refused, since ignoring it could
 * change what the caller means. Addresses come back with their ERC-55 checksum, bytes in lower case.
 * @param options.forEstimate gas limits and fees may be absent and are then 0
 * @throws BropError `request.invalid` that names the field
 */
export function parseUserOperation(json: unknown, options: { forEstimate?: boolean } = {}): UserOperation {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw invalid("userOperation", "must be an object");
  }
  const operation: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(json)) {
    if (!Object.hasOwn(FIELDS, field)) throw invalid(field, "is not a field of a user operation");
    if (value !== null && value !== undefined) {
      operation[field] = parseField(field, FIELDS[field as keyof UserOperation], value);
    }
  }
  for (const field of REQUIRED) if (operation[field] === undefined) throw invalid(field, "is missing");
  for (const field of GAS_FIELDS) {
    if (operation[field] !== undefined) continue;
    if (!options.forEstimate) throw invalid(field, "is missing");
    operation[field] = 0n;
  }
  requireWith(operation, "factory", ["factoryData"]);
  requireWith(operation, "paymaster", ["paymasterVerificationGasLimit", "paymasterPostOpGasLimit", "paymasterData"]);
  return operation as unknown as UserOperation;
}

/** True if the operation would delegate an ordinary address to a contract's code (EIP-7702), in any of its spellings. */
export function isDelegated(operation: UserOperation): boolean {
  return (
    operation.eip7702Auth !== undefined || operation.factory === EIP7702_MARKER || operation.factory === EIP7702_FACTORY
  );
}

/** The JSON-RPC form of a user operation: quantities without leading zeros, absent fields left out. */
export function toRpc(operation: UserOperation): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const field of Object.keys(FIELDS) as (keyof UserOperation)[]) {
    const value = operation[field];
    if (value !== undefined) json[field] = typeof value === "bigint" ? `0x${value.toString(16)}` : value;
  }
  return json;
}

/** Packs a user operation as EntryPoint takes it. */
export function pack(operation: UserOperation): PackedUserOperation {
  return {
    sender: operation.sender,
    nonce: operation.nonce,
    initCode: initCodeOf(operation),
    callData: operation.callData,
    accountGasLimits: twoNumbers(operation.verificationGasLimit, operation.callGasLimit),
    preVerificationGas: operation.preVerificationGas,
    gasFees: twoNumbers(operation.maxPriorityFeePerGas, operation.maxFeePerGas),
    paymasterAndData: paymasterAndDataOf(operation),
    signature: operation.signature,
  };
}

/** Takes a packed operation apart, as read from the call data of `handleOps`. */
export function unpack(packed: PackedUserOperation): UserOperation {
  const { initCode, accountGasLimits, gasFees, paymasterAndData } = packed;
  const half = (bytes: string, start: number) => BigInt(`0x${bytes.slice(start, start + 32)}`);
  return {
    sender: packed.sender,
    nonce: packed.nonce,
    ...(hexLength(initCode) < 20
      ? {}
      : { factory: getAddress(initCode.slice(0, 42)), factoryData: `0x${initCode.slice(42)}` }),
    callData: packed.callData,
    callGasLimit: half(accountGasLimits, 34),
    verificationGasLimit: half(accountGasLimits, 2),
    preVerificationGas: packed.preVerificationGas,
    maxFeePerGas: half(gasFees, 34),
    maxPriorityFeePerGas: half(gasFees, 2),
    ...(hexLength(paymasterAndData) < 52
      ? {}
      : {
          paymaster: getAddress(paymasterAndData.slice(0, 42)),
          paymasterVerificationGasLimit: half(paymasterAndData, 42),
          paymasterPostOpGasLimit: half(paymasterAndData, 74),
          paymasterData: `0x${paymasterAndData.slice(106)}`,
        }),
    signature: packed.signature,
  };
}

/**
 * The hash that the account signs and that names the operation: EIP-712 with the domain of EntryPoint v0.8
 * (name "ERC4337", version "1"), the signature left out. Equal to `EntryPoint.getUserOpHash`.
 * @throws BropError `operation.delegation-refused` for an EIP-7702 operation, whose hash depends on chain state
 */
export function userOperationHash(operation: UserOperation, entryPoint: string, chainId: bigint | number): string {
  if (isDelegated(operation)) {
    throw new BropError("operation.delegation-refused", { sender: operation.sender });
  }
  // Scratch memory is shared between calls: nothing in here waits.
  writeHex(STRUCT, 44, operation.sender);
  writeNumber(64, operation.nonce, 256);
  STRUCT.set(hashOfBytes(initCodeOf(operation)), 96);
  STRUCT.set(hashOfBytes(operation.callData), 128);
  writeNumber(160, operation.verificationGasLimit, 128);
  writeNumber(176, operation.callGasLimit, 128);
  writeNumber(192, operation.preVerificationGas, 256);
  writeNumber(224, operation.maxPriorityFeePerGas, 128);
  writeNumber(240, operation.maxFeePerGas, 128);
  STRUCT.set(hashOfBytes(paymasterAndDataOf(operation)), 256);
  TYPED_DATA.set(domainSeparator(entryPoint, BigInt(chainId)), 2);
  TYPED_DATA.set(keccak256(STRUCT), 34);
  return bytesToHex(keccak256(TYPED_DATA));
}

const utf8 = new TextEncoder();
const NO_BYTES_HASH = keccak256(new Uint8Array(0));
const DOMAIN_TYPE_HASH = keccak256(
  utf8.encode("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
);
const OPERATION_TYPE_HASH = keccak256(
  utf8.encode(
    "PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits," +
      "uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)",
  ),
);
const STRUCT = new Uint8Array(9 * 32);
STRUCT.set(OPERATION_TYPE_HASH);
const STRUCT_VIEW = new DataView(STRUCT.buffer);
const TYPED_DATA = Uint8Array.of(0x19, 0x01, ...new Uint8Array(64));
let lastDomain: { entryPoint: string; chainId: bigint; separator: Uint8Array } | undefined;

function domainSeparator(entryPoint: string, chainId: bigint): Uint8Array {
  if (lastDomain?.entryPoint !== entryPoint || lastDomain.chainId !== chainId) {
    const domain = new Uint8Array(5 * 32);
    domain.set(DOMAIN_TYPE_HASH);
    domain.set(keccak256(utf8.encode("ERC4337")), 32);
    domain.set(keccak256(utf8.encode("1")), 64);
    writeHex(domain, 96, `0x${chainId.toString(16).padStart(64, "0")}`);
    writeHex(domain, 140, entryPoint);
    lastDomain = { entryPoint, chainId, separator: keccak256(domain) };
  }
  return lastDomain.separator;
}

function writeNumber(offset: number, value: bigint, bits: 128 | 256): void {
  for (let position = offset + bits / 8 - 8, rest = value; position >= offset; position -= 8, rest >>= 64n) {
    STRUCT_VIEW.setBigUint64(position, rest); // takes the low 64 bits
  }
}

function hashOfBytes(hex: string): Uint8Array {
  return hex.length === 2 ? NO_BYTES_HASH : keccak256(hexToBytes(hex));
}

function initCodeOf(operation: UserOperation): string {
  if (operation.factory === undefined) return "0x";
  const factory = operation.factory === EIP7702_MARKER ? EIP7702_FACTORY : operation.factory;
  return factory + (operation.factoryData ?? "0x").slice(2);
}

function paymasterAndDataOf(operation: UserOperation): string {
  if (operation.paymaster === undefined) return "0x";
  const limits = twoNumbers(operation.paymasterVerificationGasLimit ?? 0n, operation.paymasterPostOpGasLimit ?? 0n);
  return operation.paymaster + limits.slice(2) + (operation.paymasterData ?? "0x").slice(2);
}

function twoNumbers(high: bigint, low: bigint): string {
  return `0x${high.toString(16).padStart(32, "0")}${low.toString(16).padStart(32, "0")}`;
}

function parseField(field: string, kind: Kind, value: unknown): unknown {
  switch (kind) {
    case "factory":
      // The short EIP-7702 marker of ERC-7769; also written as a full address with zeros.
      return value === EIP7702_MARKER || value === EIP7702_FACTORY ? EIP7702_MARKER : parseAddress(field, value);
    case "address":
      return parseAddress(field, value);
    case "bytes":
      if (!isHexBytes(value)) throw invalid(field, "must be bytes in hexadecimal with 0x in front");
      return value.toLowerCase();
    case "object":
      if (typeof value !== "object") throw invalid(field, "must be an object");
      return value;
    default:
      return parseQuantity(field, value, kind);
  }
}

function parseAddress(field: string, value: unknown): string {
  if (!isHexBytes(value, 20)) throw invalid(field, "must be an address: 20 bytes in hexadecimal with 0x in front");
  const known = checkedAddresses.get(value);
  if (known !== undefined) return known;
  try {
    const checked = getAddress(value);
    if (checkedAddresses.size >= REMEMBERED_ADDRESSES) checkedAddresses.clear();
    checkedAddresses.set(value, checked);
    return checked;
  } catch {
    throw invalid(field, "has a wrong ERC-55 checksum: it is mistyped");
  }
}

// The same few accounts send most operations, and a checksum costs a hash.
const REMEMBERED_ADDRESSES = 1_000;
const checkedAddresses = new Map<string, string>();

function parseQuantity(field: string, value: unknown, kind: "uint128" | "uint256"): bigint {
  if (typeof value !== "string" || !QUANTITY.test(value)) {
    throw invalid(field, "must be a quantity in hexadecimal with 0x in front");
  }
  const number = BigInt(value);
  if (kind === "uint128" && number >= 1n << 128n) throw invalid(field, "must be below 2^128");
  return number;
}

function requireWith(operation: Record<string, unknown>, main: string, others: string[]): void {
  if (operation[main] !== undefined) return;
  for (const other of others) if (operation[other] !== undefined) throw invalid(other, `needs ${main}`);
}

function invalid(field: string, reason: string): BropError {
  return new BropError("request.invalid", { field, reason });
}

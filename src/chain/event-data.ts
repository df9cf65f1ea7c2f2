import { AbiCoder, ParamType, type Result } from "ethers";

/**
 * Arguments of an event by name, as JSON. Bytes: 0x and digits. Addresses: lower case. Numbers of more than 48 bits:
 * decimal digits, since JSON readers keep no more than 53 bits exactly; a field's form never changes with its value.
 */
export type EventData = Readonly<Record<string, unknown>>;

/** Reads one kind of event; `generated/event-decoders.ts` has one for each. */
export interface EventDecoder {
  /** Name of the contract that says it. */
  readonly contract: string;
  /** For example `records.recorded`. */
  readonly type: string;
  readonly read: (topics: readonly string[], data: string) => EventData;
}

/** Numbers of at most this many bits become JSON numbers. */
export const NUMBER_BITS = 48;

const WORD = 64;
const coder = AbiCoder.defaultAbiCoder();
const decoder = new TextDecoder();

// Readers of one argument, for the generated decoders. `word` and `topic` give 64 digits, the others read those.

export const topic = (topics: readonly string[], index: number): string => (topics[index] as string).slice(2);
export const word = (data: string, index: number): string => data.slice(2 + WORD * index, 2 + WORD * (index + 1));
export const address = (digits: string): string => `0x${digits.slice(24)}`;
export const flag = (digits: string): boolean => digits.endsWith("1");
export const small = (digits: string): number => Number.parseInt(digits.slice(-12), 16);
export const large = (digits: string): string => BigInt(`0x${digits}`).toString();
/** The first `size` bytes of a word. */
export const fixed = (digits: string, size: number): string => `0x${digits.slice(0, 2 * size)}`;

/** The bytes that a word points to. */
export function bytes(data: string, digits: string): string {
  const start = 2 + 2 * small(digits);
  const length = small(data.slice(start, start + WORD));
  return `0x${data.slice(start + WORD, start + WORD + 2 * length)}`;
}

/** UTF-8 as far as it is; PostgreSQL keeps no NUL in a text. */
export function text(data: string, digits: string): string {
  return decoder.decode(Buffer.from(bytes(data, digits).slice(2), "hex")).replaceAll("\u0000", "\ufffd");
}

/** Reads all arguments that are not indexed at once, whatever their types. */
export function generalReader(types: readonly string[]): (data: string) => EventData {
  const parameters = types.map((type) => ParamType.from(type));
  return (data) => {
    const values = coder.decode(parameters, data);
    return Object.fromEntries(parameters.map((parameter, index) => [parameter.name, asJson(parameter, values[index])]));
  };
}

function asJson(parameter: ParamType, value: unknown): unknown {
  const { baseType, arrayChildren, components } = parameter;
  if (baseType === "array") return (value as unknown[]).map((item) => asJson(arrayChildren as ParamType, item));
  if (baseType === "tuple") {
    const parts = value as Result;
    return Object.fromEntries((components ?? []).map((part, index) => [part.name, asJson(part, parts[index])]));
  }
  if (typeof value === "bigint") return isSmall(baseType) ? Number(value) : value.toString();
  if (baseType === "address") return (value as string).toLowerCase();
  return baseType === "string" ? (value as string).replaceAll("\u0000", "\ufffd") : value;
}

/** Whether values of this unsigned type become JSON numbers. */
export function isSmall(type: string): boolean {
  return Number(type.replace("uint", "")) <= NUMBER_BITS;
}

import { getAddress } from "ethers";
import { BropError } from "./errors.ts";

/**
 * Reads ABI-encoded data word by word from its hexadecimal text. For the hot paths, where a general decoder costs a
 * hundred times more. Every read is checked against the end of the data, so foreign call data can not lead it astray.
 * @throws BropError `request.invalid` from every method when the data ends too early or an offset is out of range
 */
export class AbiReader {
  readonly #text: string;
  readonly #start: number;

  /**
   * @param text hexadecimal text
   * @param start position of the first digit of word 0; offsets count from there
   */
  constructor(text: string, start: number) {
    this.#text = text;
    this.#start = start;
  }

  /** Word `index` as `0x` and 64 digits. */
  word(index: number): string {
    return `0x${this.#digits(this.#start + index * 64, 64)}`;
  }

  /** Word `index` as an address with its ERC-55 checksum. */
  address(index: number): string {
    const word = this.word(index);
    if (!word.startsWith(NO_ADDRESS_BITS)) throw outOfRange("an address has more than 20 bytes");
    return getAddress(`0x${word.slice(26)}`);
  }

  /** Word `index` as a length or offset: no more than what the text could hold. */
  size(index: number): number {
    const size = Number(this.word(index));
    if (size * 2 > this.#text.length) throw outOfRange("an offset or a length points behind the end");
    return size;
  }

  /** A reader at the place that word `index` points to. */
  follow(index: number): AbiReader {
    return new AbiReader(this.#text, this.#start + this.size(index) * 2);
  }

  /** A reader behind word 0, which holds the length of an array. */
  behind(): AbiReader {
    return new AbiReader(this.#text, this.#start + 64);
  }

  /** The bytes that word `index` points to, as `0x...`. */
  bytes(index: number): string {
    const place = this.follow(index);
    return `0x${place.#digits(place.#start + 64, place.size(0) * 2)}`;
  }

  #digits(from: number, count: number): string {
    if (from + count > this.#text.length) throw outOfRange("the data ends too early");
    return this.#text.slice(from, from + count);
  }
}

const NO_ADDRESS_BITS = `0x${"0".repeat(24)}`;

function outOfRange(reason: string): BropError {
  return new BropError("request.invalid", { field: "callData", reason });
}

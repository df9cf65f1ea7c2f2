import { type BaseBlock, fromBER, type ObjectIdentifier } from "asn1js";
import { invalidProof } from "../proof-error.ts";

/** First byte of a value: class, form and number of its type (X.690 8.1.2); all that is read here has one byte. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Tag `[number]` around other values, or of a type that is made of others. */
export const constructed = (number: number): number => 0xa0 | number;
/** Tag `[number]` in the place of the tag of a simple type. */
export const simple = (number: number): number => 0x80 | number;

/** No token, certificate or request is nested deeper. */
const DEEPEST = 32;

/**
 * One value in the distinguished encoding (DER). The parsing is asn1js's; what that takes beyond DER is refused: lengths
 * that are not definite and shortest, strings in pieces, bytes behind the end.
 */
export class Der {
  /** What it is part of, for errors. */
  readonly part: string;
  readonly #block: BaseBlock;

  /**
   * @param part name of the whole in errors
   * @param most bytes that are looked at
   * @throws BropError `proof.invalid` where the bytes are no DER, too many or too deep
   */
  static read(bytes: Uint8Array, part: string, most = 100_000): Der {
    if (bytes.length > most) throw invalidProof(part, `has ${bytes.length} bytes, and at most ${most} are read`);
    // No value is shorter than two bytes; the caller's bytes are not changed while they are looked at.
    const limits = {
      maxDepth: DEEPEST,
      maxNodes: most,
      maxContentLength: most,
      parseEmbedded: false,
      copyInput: false,
    };
    const { offset, result } = parse(bytes, part, limits);
    if (offset === -1) throw invalidProof(part, `is not DER: ${result.error}`);
    if (offset !== bytes.length) throw invalidProof(part, "has bytes behind its end");
    requireDistinguished(result, part);
    return new Der(result, part);
  }

  private constructor(block: BaseBlock, part: string) {
    this.#block = block;
    this.part = part;
  }

  get tag(): number {
    return this.#block.valueBeforeDecodeView[0] as number;
  }

  /** The whole encoding. */
  get bytes(): Uint8Array {
    return this.#block.valueBeforeDecodeView;
  }

  /** The encoding without tag and length. */
  get content(): Uint8Array {
    const { idBlock, lenBlock, valueBeforeDecodeView } = this.#block;
    return valueBeforeDecodeView.subarray(idBlock.blockLength + lenBlock.blockLength);
  }

  /** The values of which this one is made. @throws BropError `proof.invalid` unless it has that tag */
  items(tag: number = TAG.sequence): Der[] {
    this.#expect(tag);
    return childrenOf(this.#block).map((child) => new Der(child, this.part));
  }

  /** As `items`, to be taken one after the other. */
  fields(tag: number = TAG.sequence): Fields {
    return new Fields(this.items(tag), this.part);
  }

  oid(): string {
    this.#expect(TAG.oid);
    return (this.#block as ObjectIdentifier).getValue();
  }

  integer(tag: number = TAG.integer): bigint {
    this.#expect(tag);
    const { content } = this;
    if (content.length === 0) throw invalidProof(this.part, "has a number without digits");
    let value = 0n;
    for (const byte of content) value = (value << 8n) | BigInt(byte);
    return (content[0] as number) < 0x80 ? value : value - (1n << BigInt(8 * content.length));
  }

  /** A number that is small. @throws BropError `proof.invalid` outside of the range */
  number(least: number, most: number, tag: number = TAG.integer): number {
    const value = this.integer(tag);
    if (value < BigInt(least) || value > BigInt(most)) throw invalidProof(this.part, `has ${value} as a number`);
    return Number(value);
  }

  boolean(): boolean {
    this.#expect(TAG.boolean);
    const [byte] = this.content;
    if (this.content.length !== 1 || (byte !== 0 && byte !== 0xff)) {
      throw invalidProof(this.part, "has a truth value that is neither true nor false");
    }
    return byte === 0xff;
  }

  octets(tag: number = TAG.octets): Uint8Array {
    this.#expect(tag);
    return this.content;
  }

  /** A string of bits, and how many of its last byte do not count. */
  bits(tag: number = TAG.bits): { bytes: Uint8Array; unused: number } {
    this.#expect(tag);
    const [unused = 8] = this.content;
    if (unused > 7) throw invalidProof(this.part, "has a string of bits that is none");
    return { bytes: this.content.subarray(1), unused };
  }

  /** Bytes that stand in a string of bits. */
  bitBytes(): Uint8Array {
    const { bytes, unused } = this.bits();
    if (unused !== 0) throw invalidProof(this.part, "has bits where bytes belong");
    return bytes;
  }

  /** A time with or without parts of a second (X.690 11.7, 11.8; RFC 5280 4.1.2.5). */
  time(): Date {
    const text = String.fromCharCode(...this.content);
    const short = this.tag === TAG.utcTime;
    if (!short) this.#expect(TAG.time);
    const form = short ? /^(\d\d)(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})()Z$/ : LONG_TIME;
    const [found, year = "", month, day, hour, minute, second, parts = ""] = form.exec(text) ?? [];
    const whole = short ? `${Number(year) < 50 ? "20" : "19"}${year}` : year;
    const iso = `${whole}-${month}-${day}T${hour}:${minute}:${second}.${parts.padEnd(3, "0").slice(0, 3)}Z`;
    const time = new Date(iso);
    // Days that a month does not have are counted on by some engines.
    if (found === undefined || Number.isNaN(time.getTime()) || time.toISOString() !== iso) {
      throw invalidProof(this.part, `has ${JSON.stringify(text.slice(0, 40))} as a time`);
    }
    return time;
  }

  #expect(tag: number): void {
    if (this.tag !== tag) throw invalidProof(this.part, `has a value of type ${this.tag} where ${tag} belongs`);
  }
}

const LONG_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{0,8}[1-9]))?Z$/;

/** The values of a sequence, taken in their order. */
export class Fields {
  readonly part: string;
  readonly #items: readonly Der[];
  #next = 0;

  constructor(items: readonly Der[], part: string) {
    this.#items = items;
    this.part = part;
  }

  /** The next value, whatever it is. */
  take(): Der {
    const item = this.#items[this.#next++];
    if (item === undefined) throw invalidProof(this.part, "ends too early");
    return item;
  }

  /** The next value, if it is of one of these types. */
  optional(...tags: readonly number[]): Der | undefined {
    const item = this.#items[this.#next];
    if (item === undefined || !tags.includes(item.tag)) return undefined;
    this.#next++;
    return item;
  }

  /** @throws BropError `proof.invalid` when something is left */
  end(): void {
    if (this.#next < this.#items.length) throw invalidProof(this.part, "has a value too many");
  }
}

function parse(bytes: Uint8Array, part: string, limits: Parameters<typeof fromBER>[1]): ReturnType<typeof fromBER> {
  try {
    return fromBER(bytes, limits);
  } catch {
    throw invalidProof(part, "is not DER");
  }
}

function childrenOf(block: BaseBlock): readonly BaseBlock[] {
  const { value } = block.valueBlock as { value?: unknown };
  return Array.isArray(value) ? value : [];
}

function requireDistinguished(block: BaseBlock, part: string): void {
  const { idBlock, lenBlock } = block;
  const { length } = lenBlock;
  const shortest = length < 128 ? 1 : 1 + Math.ceil(Math.log2(length + 1) / 8);
  if (lenBlock.isIndefiniteForm || lenBlock.blockLength !== shortest) {
    throw invalidProof(part, "is not DER: a length is not definite, or not in its shortest form");
  }
  const needsParts = idBlock.tagNumber === 16 || idBlock.tagNumber === 17;
  if (idBlock.blockLength !== 1 || (idBlock.tagClass === 1 && idBlock.isConstructed !== needsParts)) {
    throw invalidProof(part, "is not DER: a value is in a form that its type does not have");
  }
  if (block.valueBeforeDecodeView.length !== 1 + shortest + length)
    throw invalidProof(part, "is not DER: it is cut off");
  if (!idBlock.isConstructed) return;
  let total = 0;
  for (const child of childrenOf(block)) {
    requireDistinguished(child, part);
    total += child.valueBeforeDecodeView.length;
  }
  if (total !== length) throw invalidProof(part, "is not DER: its parts are longer or shorter than the whole");
}

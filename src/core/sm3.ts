import { HashMD } from "@noble/hashes/_md.js";

/**
 * SM3 (GB/T 32905-2016, also ISO/IEC 10118-3:2018), on the padding and block handling that noble's SHA-2 uses.
 * Written here because the libraries at hand hash SM3 only in one piece, or asynchronously through WebAssembly, which
 * the site's content security policy does not allow.
 */
export class Sm3 extends HashMD<Sm3> {
  readonly #state = Uint32Array.from(INITIAL_STATE);

  constructor() {
    super(64, 32, 8, false);
  }

  protected get(): number[] {
    return [...this.#state];
  }

  protected set(...state: number[]): void {
    this.#state.set(state);
  }

  _cloneInto(to: Sm3 = new Sm3()): Sm3 {
    to.set(...this.get());
    return this._cloneIntoMeta(to);
  }

  protected process(view: DataView, offset: number): void {
    const words = WORDS;
    for (let j = 0; j < 16; j++) words[j] = view.getUint32(offset + 4 * j);
    for (let j = 16; j < 68; j++) {
      const mixed = at(words, j - 16) ^ at(words, j - 9) ^ rotate(at(words, j - 3), 15);
      words[j] = permute1(mixed) ^ rotate(at(words, j - 13), 7) ^ at(words, j - 6);
    }
    const state = this.#state;
    let a = at(state, 0) | 0;
    let b = at(state, 1) | 0;
    let c = at(state, 2) | 0;
    let d = at(state, 3) | 0;
    let e = at(state, 4) | 0;
    let f = at(state, 5) | 0;
    let g = at(state, 6) | 0;
    let h = at(state, 7) | 0;
    for (let j = 0; j < 64; j++) {
      const early = j < 16;
      const a12 = rotate(a, 12);
      const ss1 = rotate((a12 + e + at(CONSTANTS, j)) | 0, 7);
      const word = at(words, j);
      const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = early ? e ^ f ^ g : (e & f) | (~e & g);
      const tt1 = (ff + d + (ss1 ^ a12) + (word ^ at(words, j + 4))) | 0;
      const tt2 = (gg + h + ss1 + word) | 0;
      d = c;
      c = rotate(b, 9);
      b = a;
      a = tt1;
      h = g;
      g = rotate(f, 19);
      f = e;
      e = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17);
    }
    state[0] = at(state, 0) ^ a;
    state[1] = at(state, 1) ^ b;
    state[2] = at(state, 2) ^ c;
    state[3] = at(state, 3) ^ d;
    state[4] = at(state, 4) ^ e;
    state[5] = at(state, 5) ^ f;
    state[6] = at(state, 6) ^ g;
    state[7] = at(state, 7) ^ h;
  }

  protected roundClean(): void {
    WORDS.fill(0);
  }

  destroy(): void {
    this.destroyed = true;
    this.#state.fill(0);
    this.buffer.fill(0);
  }
}

const INITIAL_STATE = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
const WORDS = new Uint32Array(68);
const CONSTANTS = Int32Array.from({ length: 64 }, (_, j) => rotate(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32));

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function permute1(word: number): number {
  return word ^ rotate(word, 15) ^ rotate(word, 23);
}

// The indexes are constant: this only tells the type checker so.
function at(words: Uint32Array | Int32Array, index: number): number {
  return words[index] as number;
}

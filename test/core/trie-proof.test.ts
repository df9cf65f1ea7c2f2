import { expect } from "chai";
import fc from "fast-check";
import { BropError } from "../../src/core/errors.ts";
import { bytesToHex, hexToBytes } from "../../src/core/hex.ts";
import { keccak256 } from "../../src/core/keccak.ts";
import { encodeRlp, type RlpItem } from "../../src/core/rlp.ts";
import { buildTrie } from "../../src/core/trie/build-trie.ts";
import { EMPTY_ROOT, encodePath } from "../../src/core/trie/node.ts";
import { verifyTrieProof } from "../../src/core/trie-proof.ts";

const text = (value: string) => new TextEncoder().encode(value);
const NOTHING = new Uint8Array(0);

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof BropError)) throw error;
    expect(error.code).to.equal("proof.invalid");
    return error.message;
  }
  throw new Error("Nothing was refused");
}

/** Entries with distinct keys of one length, as tries of hashes have, or of few bytes, as tries of receipts have. */
function entriesOf(keyLength: number) {
  return fc.uniqueArray(
    fc.tuple(
      fc.uint8Array({ minLength: keyLength, maxLength: keyLength }),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
    ),
    { selector: ([key]) => bytesToHex(key), minLength: 1, maxLength: 40 },
  );
}

describe("a trie that is built", () => {
  // From Ethereum's own tests of tries: TrieTests/trietest.json and trieanyorder.json.
  it("has the roots that Ethereum's tests name", () => {
    const cases: [Record<string, string>, string][] = [
      [{}, EMPTY_ROOT],
      [
        { do: "verb", horse: "stallion", doge: "coin", dog: "puppy" },
        "0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84",
      ],
      [{ foo: "bar", food: "bass" }, "0x17beaa1648bafa633cda809c90c04af50fc8aed3cb40d16efbddee6fdf63c4c3"],
      [{ be: "e", dog: "puppy", bed: "d" }, "0x3f67c7a47520f79faa29255d2d3c084a7a6df0453116ed7232ff10277a8be68b"],
      [{ test: "test", te: "testy" }, "0x8452568af70d8d140f58d941338542f645fcca50094b20f3c3d8c3df49337928"],
      [
        { A: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
        "0xd23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab",
      ],
    ];
    for (const [entries, root] of cases) {
      const trie = buildTrie(Object.entries(entries).map(([key, value]) => [text(key), text(value)]));
      expect(bytesToHex(trie.root)).to.equal(root);
    }
  });

  it("has one root, in whatever order its entries come", () => {
    fc.assert(
      fc.property(entriesOf(2), (entries) => {
        expect(buildTrie([...entries].reverse()).root).to.deep.equal(buildTrie(entries).root);
      }),
    );
  });

  it("takes no key twice and no empty value", () => {
    const entry = [text("a"), text("1")] as const;
    expect(() => buildTrie([entry, entry])).to.throw(BropError, "twice");
    expect(() => buildTrie([[text("a"), NOTHING]])).to.throw(BropError, "empty");
  });
});

describe("a trie proof", () => {
  it("shows each value that a trie holds, and that it holds no other key", () => {
    for (const keyLength of [1, 2, 3, 32]) {
      fc.assert(
        fc.property(entriesOf(keyLength), fc.uint8Array({ minLength: 1, maxLength: 33 }), (entries, other) => {
          const trie = buildTrie(entries);
          for (const [key, value] of entries) {
            expect(verifyTrieProof(trie.root, key, trie.prove(key))).to.deep.equal(value);
          }
          fc.pre(!entries.some(([key]) => bytesToHex(key) === bytesToHex(other)));
          expect(verifyTrieProof(trie.root, other, trie.prove(other))).to.equal(undefined);
        }),
        { numRuns: 60 },
      );
    }
  });

  it("reads nodes that stand inside of others, and values in branches", () => {
    const entries = ["do", "dog", "doge", "horse", "a", "ab"].map((key) => [text(key), text("1")] as const);
    const trie = buildTrie(entries);
    for (const [key] of entries) {
      expect(verifyTrieProof(trie.root, key, trie.prove(key))).to.deep.equal(text("1"));
    }
    // All but the root are shorter than 32 bytes somewhere: fewer nodes than levels.
    expect(trie.prove(text("doge")).length).to.be.lessThan(6);
    for (const absent of ["d", "dogs", "doges", "hors", "b", "abc", ""]) {
      expect(verifyTrieProof(trie.root, text(absent), trie.prove(text(absent))), absent).to.equal(undefined);
    }
  });

  it("shows that an empty trie holds nothing, with no node or with the empty one", () => {
    const root = hexToBytes(EMPTY_ROOT);
    expect(verifyTrieProof(root, text("a"), [])).to.equal(undefined);
    expect(verifyTrieProof(root, text("a"), [Uint8Array.from([0x80])])).to.equal(undefined);
    refusal(() => verifyTrieProof(root, text("a"), [NOTHING]));
    refusal(() => verifyTrieProof(root, text("a"), [Uint8Array.from([0x80]), Uint8Array.from([0x80])]));
    refusal(() => verifyTrieProof(root, text("a"), buildTrie([[text("a"), text("1")]]).prove(text("a"))));
  });

  const many = Array.from({ length: 300 }, (_, at) => [keccak256(text(`key ${at}`)), text(`value ${at}`)] as const);
  const state = buildTrie(many);
  const [key, value] = many[123] as (typeof many)[number];
  const proof = state.prove(key);

  it("is refused with any bit of any node flipped", () => {
    expect(verifyTrieProof(state.root, key, proof)).to.deep.equal(value);
    const bits = proof.reduce((sum, { length }) => sum + length * 8, 0);
    for (let bit = 0; bit < bits; bit++) {
      let at = bit;
      const flipped = proof.map((node) => {
        if (at >= 0 && at < node.length * 8) {
          const copy = Uint8Array.from(node);
          copy[at >> 3] = (copy[at >> 3] as number) ^ (1 << (at & 7));
          at = -1;
          return copy;
        }
        at -= node.length * 8;
        return node;
      });
      expect(refusal(() => verifyTrieProof(state.root, key, flipped))).to.match(/forged/);
    }
  });

  it("is refused for another root", () => {
    for (let bit = 0; bit < 256; bit++) {
      const root = Uint8Array.from(state.root);
      root[bit >> 3] = (root[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(refusal(() => verifyTrieProof(root, key, proof))).to.match(/forged/);
    }
  });

  it("is refused when nodes are missing, in another order, twice, or more than needed", () => {
    expect(proof.length).to.be.greaterThan(2);
    for (let at = 0; at < proof.length; at++) {
      refusal(() => verifyTrieProof(state.root, key, proof.toSpliced(at, 1)));
      refusal(() => verifyTrieProof(state.root, key, proof.toSpliced(at, 0, proof[at] as Uint8Array)));
    }
    refusal(() => verifyTrieProof(state.root, key, []));
    refusal(() => verifyTrieProof(state.root, key, [...proof].reverse()));
    const extra = state.prove((many[7] as (typeof many)[number])[0]).at(-1) as Uint8Array;
    expect(refusal(() => verifyTrieProof(state.root, key, [...proof, extra]))).to.match(/no way to the key/);
    expect(refusal(() => verifyTrieProof(state.root, key, Array(1_000).fill(extra)))).to.match(/too many/);
  });

  it("shows nothing about a key that its nodes do not lead to", () => {
    let [refused, absent] = [0, 0];
    for (const [other] of many) {
      if (other === key) continue;
      // Never the other's value, and never that a key which is there is absent.
      refusal(() => verifyTrieProof(state.root, other, proof));
      refused++;
    }
    for (let at = 0; at < 300; at++) {
      const unknown = keccak256(text(`unknown ${at}`));
      try {
        expect(verifyTrieProof(state.root, unknown, proof)).to.equal(undefined);
        absent++;
      } catch (error) {
        expect((error as BropError).code).to.equal("proof.invalid");
      }
    }
    expect(refused).to.equal(299);
    expect(absent).to.be.lessThan(10);
  });

  it("of absence is refused when it is cut off, so that it could hide a value", () => {
    for (let at = 0; at < 50; at++) {
      const unknown = keccak256(text(`unknown ${at}`));
      const nodes = state.prove(unknown);
      expect(verifyTrieProof(state.root, unknown, nodes)).to.equal(undefined);
      expect(refusal(() => verifyTrieProof(state.root, unknown, nodes.slice(0, -1)))).to.match(/too early/);
    }
  });

  it("is refused with nodes that no trie has, though their hashes fit", () => {
    const leaf = (path: Uint8Array, content: RlpItem = text("1")) => encodeRlp([path, content]);
    const long = text("a value that makes a node of more than 32 bytes");
    const bad: Uint8Array[] = [
      encodeRlp(text("no list, but long enough to be hashed")),
      encodeRlp([]),
      encodeRlp([long]),
      encodeRlp([long, long, long]),
      encodeRlp(Array<RlpItem>(16).fill(NOTHING)),
      encodeRlp(Array<RlpItem>(18).fill(NOTHING)),
      encodeRlp([...Array<RlpItem>(16).fill(NOTHING), [long]]),
      // A path of no kind, with padding, empty, or that is a list.
      leaf(Uint8Array.from([0x40, 0x61]), long),
      leaf(Uint8Array.from([0xff]), long),
      leaf(Uint8Array.from([0x2f, 0x61]), long),
      leaf(NOTHING, long),
      encodeRlp([[long], long]),
      // A leaf with nothing or a list in it.
      leaf(encodePath([6, 1], true), NOTHING),
      leaf(encodePath([6, 1], true), [long]),
      // Extensions by nothing, to nothing, to what is no hash, and to a node that is too long to stand there.
      leaf(encodePath([], false), keccak256(long)),
      leaf(encodePath([6], false), NOTHING),
      leaf(encodePath([6], false), text("short")),
      leaf(encodePath([6], false), [encodePath([1], true), long]),
      encodeRlp([...Array<RlpItem>(6).fill(NOTHING), text("x"), ...Array<RlpItem>(10).fill(NOTHING)]),
    ];
    for (const node of bad) {
      refusal(() => verifyTrieProof(keccak256(node), Uint8Array.from([0x61]), [node]));
    }
  });

  it("is refused with a node by itself that is short enough to stand in another", () => {
    const short = encodeRlp([encodePath([1], true), text("v")]);
    const root = encodeRlp([encodePath([6], false), keccak256(short)]);
    refusal(() => verifyTrieProof(keccak256(root), Uint8Array.from([0x61]), [root, short]));
  });
});

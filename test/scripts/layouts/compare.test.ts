import { expect } from "chai";
import { compareLayouts } from "../../../scripts/layouts/compare.ts";
import type { Layout } from "../../../scripts/layouts/layout.ts";
import { compileLayouts } from "./compile.ts";

const BEFORE = `
abstract contract Base {
  struct Settings { uint64 limit; }
  /// @custom:storage-location erc7201:brop.settings
  struct Placed { uint64 first; address second; }
  uint48 internal _based;
}
contract Kept is Base {
  enum Kind { None, Small, Large }
  struct Inner { uint128 amount; Kind kind; }
  struct Entry { address owner; uint48 time; Inner inner; }
  type Packed is uint256;
  uint256 private _first;
  mapping(address account => Entry) private _entries;
  Inner[] private _list;
  mapping(uint256 id => Inner[2]) private _pairs;
  Packed private _packed;
  uint64 private _small;
  uint64 private _last;
}`;

/** What is changed in the sources, and what is to be said about it. */
const CLASHES: Record<string, [from: string | RegExp, to: string, ...clashes: string[]]> = {
  "a variable that is gone": [
    "uint256 private _first;",
    "",
    "_first (slot 1, uint256) is gone; _entries stands in its place",
    "_entries moved from slot 2 to slot 1",
  ],
  "the last variable gone": ["uint64 private _last;", "", "_last (slot 6, byte 8, uint64) is gone"],
  "a variable put in first": [
    "uint256 private _first;",
    "uint256 private _new; uint256 private _first;",
    "_first moved from slot 1 to slot 2",
    "_new was put in at slot 1: new ones go to the end",
  ],
  "a variable put into free bytes of a base": [
    "uint48 internal _based;",
    "uint48 internal _based; uint48 internal _new;",
    "_new was put in at slot 0, byte 6: new ones go to the end",
  ],
  "a variable added to a base that moves what follows": [
    "uint48 internal _based;",
    "uint48 internal _based; uint256 internal _new;",
    "_first moved from slot 1 to slot 2",
  ],
  "two variables that changed places": [
    /uint64 private _small;\s+uint64 private _last;/,
    "uint64 private _last; uint64 private _small;",
    "_small moved from slot 6 to slot 6, byte 8",
  ],
  "a larger type": ["uint64 private _last;", "uint128 private _last;", "_last was uint64 and is uint128"],
  "another type of the same size": ["uint64 private _last;", "int64 private _last;", "_last was uint64 and is int64"],
  "another name": ["_last;", "_final;", "_last (slot 6, byte 8, uint64) is gone; _final stands in its place"],
  "another key of a mapping": [
    "mapping(address account",
    "mapping(bytes32 account",
    "_entries was mapping(address => struct Kept.Entry) and is mapping(bytes32 => struct Kept.Entry)",
  ],
  "a member put into a struct": [
    "address owner;",
    "address owner; uint8 flags;",
    "struct Kept.Entry: time moved from slot 0, byte 20 to slot 0, byte 21",
  ],
  "a member that is gone": ["uint48 time;", "", "struct Kept.Entry: time (slot 0, byte 20, uint48) is gone"],
  "a struct in an array that grew": [
    "uint128 amount; Kind kind;",
    "uint128 amount; Kind kind; uint256 more;",
    "struct Kept.Inner had 32 bytes and has 64",
  ],
  "an enumeration with a value put in": [
    "None, Small",
    "None, Tiny, Small",
    "enum Kept.Kind: value 1 was Small and is Tiny",
  ],
  "an enumeration without a value": [", Large", "", "enum Kept.Kind: value 2 was Large and is gone"],
  "a value type of another size": ["Packed is uint256", "Packed is uint128", "Kept.Packed had 32 bytes and has 16"],
  "a member put in at a place of its own": [
    "{ uint64 first;",
    "{ uint64 zero; uint64 first;",
    "erc7201:brop.settings: member 1, uint64 first, became uint64 zero",
  ],
  "a member gone at a place of its own": [
    " address second;",
    "",
    "erc7201:brop.settings: member 2, address second, is gone",
  ],
  "another place": ["brop.settings", "brop.preferences", "erc7201:brop.settings: member 1, uint64 first, is gone"],
};

/** What may be added. */
const GROWTH: Record<string, [from: string, to: string]> = {
  "a variable at the end": ["uint64 private _last;", "uint64 private _last; mapping(uint256 id => bool) private _new;"],
  "a variable in the last one's slot": ["uint64 private _last;", "uint64 private _last; uint8 private _new;"],
  "a member at the end of a struct in a mapping": ["Inner inner; }", "Inner inner; uint256 more; }"],
  "a member in free bytes of a struct in an array": ["Kind kind;", "Kind kind; uint8 more;"],
  "a value at the end of an enumeration": ["Large }", "Large, Huge }"],
  "a member at the end of a place of its own": ["address second;", "address second; uint256 third;"],
  "a place of its own": [
    "uint48 internal",
    "/// @custom:storage-location erc7201:brop.more\n struct More { uint256 one; } uint48 internal",
  ],
};

function planted(plan: Readonly<Record<string, readonly unknown[]>>): Record<string, string> {
  const sources: Record<string, string> = {};
  for (const [name, [from, to]] of Object.entries(plan)) {
    sources[name] = BEFORE.replace(from as string, to as string);
    if (sources[name] === BEFORE) throw new Error(`${name}: nothing was planted`);
  }
  return sources;
}

describe("Storage layouts", () => {
  let layouts: Record<string, Layout>;
  const compared = (name: string) => compareLayouts(layouts.before as Layout, layouts[name] as Layout);

  before(() => {
    const shifted = `contract Other { struct Unused { uint8 a; } enum More { A, B } function f() external {} }\n${BEFORE}`;
    layouts = compileLayouts({ before: BEFORE, shifted, ...planted(CLASHES), ...planted(GROWTH) });
  });

  it("are the same whatever else is compiled: no number of the compiler's is in them", () => {
    expect(layouts.shifted).to.deep.equal(layouts.before);
    expect(compared("shifted")).to.deep.equal({ clashes: [], grown: false });
  });

  for (const [name, [, , ...clashes]] of Object.entries(CLASHES)) {
    it(`refuse ${name}`, () => {
      expect(compared(name).clashes).to.include.members(clashes);
    });
  }

  for (const name of Object.keys(GROWTH)) {
    it(`take ${name}, and say that there is more`, () => {
      expect(compared(name)).to.deep.equal({ clashes: [], grown: true });
    });
  }
});

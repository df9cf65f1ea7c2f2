import { IDENTIFIER_CHARACTERS } from "./identifier-data.ts";

/** Characters of names beside each other, and the scripts of each, as codes of ISO 15924. */
interface Range {
  readonly first: number;
  readonly last: number;
  readonly scripts: ReadonlySet<string>;
}

/** Used with every script. */
const EVERY = ["Zyyy", "Zinh"];
/** Writing systems of several scripts (UTS 39, section 5.1): Japanese, Korean, and Chinese with Bopomofo. */
const SYSTEMS: Readonly<Record<string, readonly string[]>> = {
  Hani: ["Hanb", "Jpan", "Kore"],
  Bopo: ["Hanb"],
  Hira: ["Jpan"],
  Kana: ["Jpan"],
  Hang: ["Kore"],
};
const HAN: ReadonlySet<string> = new Set(["Hani"]);
const BESIDE_LATIN = ["Hanb", "Jpan", "Kore"];

let table: readonly Range[] | undefined;

/** Whether a character belongs into identifiers (UTS 39, Identifier_Status Allowed). */
export function isIdentifierCharacter(character: string): boolean {
  return rangeOf(character) !== undefined;
}

/** Whether a character is written in one of these scripts and in no others. */
export function isOnlyIn(character: string, scripts: readonly string[]): boolean {
  const own = scriptsOf(character);
  return own !== undefined && [...own].every((script) => scripts.includes(script));
}

/**
 * Whether a text keeps to one script, or to Chinese, Japanese or Korean with Latin letters beside: "Highly Restrictive"
 * of UTS 39, section 5.2. Characters that are no identifier characters are taken to go with every script.
 */
export function isHighlyRestrictive(text: string): boolean {
  const sets = [...text].map(scriptsOf).filter((set) => set !== undefined);
  const bound = sets.filter((set) => !EVERY.some((script) => set.has(script))).map(augmented);
  if (common(bound) !== "none") return true;
  const others = common(bound.filter((set) => !set.has("Latn")));
  return others !== "none" && others !== "any" && BESIDE_LATIN.some((system) => others.has(system));
}

/** Scripts and writing systems that all sets have in common. */
function common(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> | "any" | "none" {
  const [first, ...others] = sets;
  if (first === undefined) return "any";
  const shared = [...first].filter((script) => others.every((set) => set.has(script)));
  return shared.length === 0 ? "none" : new Set(shared);
}

function augmented(scripts: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...scripts].flatMap((script) => [script, ...(SYSTEMS[script] ?? [])]));
}

/** Rare Han characters are in no identifiers, but in many names. */
function scriptsOf(character: string): ReadonlySet<string> | undefined {
  return rangeOf(character)?.scripts ?? (/\p{Unified_Ideograph}/u.test(character) ? HAN : undefined);
}

function rangeOf(character: string): Range | undefined {
  table ??= readRanges();
  const codePoint = character.codePointAt(0) ?? 0;
  let [low, high] = [0, table.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = table[middle] as Range;
    if (codePoint < range.first) high = middle - 1;
    else if (codePoint > range.last) low = middle + 1;
    else return range;
  }
  return undefined;
}

function readRanges(): Range[] {
  const found: Range[] = [];
  for (const entry of IDENTIFIER_CHARACTERS.trim().split(/\s+/)) {
    const [names = "", list = ""] = entry.split("=");
    const scripts = new Set(names.split("+"));
    let end = 0;
    for (const range of list.split(",")) {
      const [step = "", length = "0"] = range.split(":");
      const first = end + Number.parseInt(step, 16);
      end = first + Number.parseInt(length, 16);
      found.push({ first, last: end, scripts });
    }
  }
  return found.sort((a, b) => a.first - b.first);
}

import { BropError } from "./errors.ts";
import { isHighlyRestrictive, isIdentifierCharacter, isOnlyIn } from "./unicode/scripts.ts";

/** Certified: as the documents have it by which the account was identified. Custom: chosen freely. */
export type NameKind = "certified" | "custom";

/** Characters of a name, after it was normalised. */
const LENGTHS: Readonly<Record<NameKind, readonly [number, number]>> = { certified: [1, 128], custom: [2, 32] };
/** What company and personal names have beside identifier characters. */
const PUNCTUATION = new Set(" &(),+/!@#（）《》「」【】〔〕、");
const BRACKETS = new Map(
  [..."()（）《》「」【】〔〕"].map((sign, index, all) => [sign, all[index ^ 1] ?? ""] as const),
);
const OPENING = new Set("(（《「【〔");
/** Scripts that are written from right to left. */
const RIGHT_TO_LEFT = ["Arab", "Hebr", "Syrc", "Thaa", "Nkoo"];

/** Refuses what a normalised name may not have. */
export function checkName(name: string, kind: NameKind): void {
  const length = Array.from(name).length;
  const [least, most] = LENGTHS[kind];
  if (length < least || length > most) throw new BropError("name.length", { length, least, most });
  for (const character of name) {
    const fits = kind === "certified" ? inCertified(character) : inCustom(character);
    if (!fits) {
      const codePoint = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
      throw new BropError("name.character-refused", { kind, codePoint, character });
    }
  }
  if (!isHighlyRestrictive(name)) throw new BropError("name.scripts-mixed", { name });
  if (digitSystems(name).size > 1) throw new BropError("name.scripts-mixed", { name, digits: true });
  for (const [rule, holds] of Object.entries(RULES[kind])) {
    if (!holds(name)) throw new BropError("name.arrangement-refused", { name, rule });
  }
}

/** People have rare Han characters in their names, which UTS 39 does not count among those of identifiers. */
function inCertified(character: string): boolean {
  return PUNCTUATION.has(character) || isIdentifierCharacter(character) || /\p{Unified_Ideograph}/u.test(character);
}

function inCustom(character: string): boolean {
  return /[-_.]/.test(character) || (isIdentifierCharacter(character) && /[\p{L}\p{M}\p{Nd}]/u.test(character));
}

type Rules = Readonly<Record<string, (name: string) => boolean>>;

/** Of marks (UTS 39, section 5.4) and of the direction of writing (RFC 5893, rule 1). */
const COMMON_RULES: Rules = {
  "a mark stands after a letter, digit or mark": (name) => !/(?<![\p{L}\p{M}\p{N}])\p{M}/u.test(name),
  "a mark is not doubled, nor are there more than four": (name) => !/(\p{Mn})\1|\p{Mn}{5}/u.test(name.normalize("NFD")),
  "no dot above a letter that has one or hides it": (name) =>
    !/[\p{Soft_Dotted}lı]\p{Mn}*\u0307/u.test(name.normalize("NFD")),
  "a name written from right to left begins with such a letter": (name) => {
    const rightToLeft = (character: string) => /\p{L}/u.test(character) && isOnlyIn(character, RIGHT_TO_LEFT);
    const characters = Array.from(name);
    return !characters.some(rightToLeft) || rightToLeft(characters[0] ?? "");
  },
};

const RULES: Readonly<Record<NameKind, Rules>> = {
  certified: {
    ...COMMON_RULES,
    "a name has a letter or digit": (name) => /[\p{L}\p{N}]/u.test(name),
    "brackets stand in pairs with something between them": areBracketsPaired,
  },
  custom: {
    ...COMMON_RULES,
    "a name has a letter": (name) => /\p{L}/u.test(name),
    "separators stand alone between letters or digits": (name) => !/^[-_.]|[-_.]{2}|[-_.]$/.test(name),
  },
};

function areBracketsPaired(name: string): boolean {
  const open: string[] = [];
  let previous = "";
  for (const character of name) {
    const partner = BRACKETS.get(character);
    if (partner !== undefined && OPENING.has(character)) open.push(partner);
    else if (partner !== undefined && (open.pop() !== character || OPENING.has(previous))) return false;
    previous = character;
  }
  return open.length === 0;
}

/** First digits of the systems of digits that a name has (UTS 39, section 5.3). */
function digitSystems(name: string): Set<number> {
  const zeros = new Set<number>();
  for (const digit of name.match(/\p{Nd}/gu) ?? []) {
    let zero = digit.codePointAt(0) ?? 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    zeros.add(zero);
  }
  return zeros;
}

import { BropError } from "./errors.ts";
import { bytesToHex } from "./hex.ts";
import { keccak256 } from "./keccak.ts";
import { checkName, type NameKind } from "./name-rules.ts";
import { skeleton } from "./unicode/skeleton.ts";

export type { NameKind } from "./name-rules.ts";

/** Numbers of the kinds in the contract AccountNames. */
export const NAME_KINDS: Readonly<Record<NameKind, number>> = { certified: 1, custom: 2 };

/** What `AccountNames.setName` takes. */
export interface AccountName {
  /** Normalised name. */
  name: string;
  kind: NameKind;
  /** keccak256 of the skeleton of what the name looks like. */
  lookSkeleton: string;
  /** keccak256 of the skeleton of the name's letters whatever their case. */
  letterSkeleton: string;
}

/**
 * The normalised form and the skeletons of an account's name (ID-2).
 *
 * Certified names are company and personal names as documents have them. They keep their case, spaces, punctuation and
 * Chinese brackets. Custom names are lower case (NFKC_Casefold of UAX 31): letters, digits and single - _ . between them.
 *
 * @throws BropError `name.length`, `name.character-refused`, `name.scripts-mixed` or `name.arrangement-refused`
 * @example accountName(" 上海（集团）  有限公司", "certified").name // "上海（集团） 有限公司"
 */
export function accountName(text: string, kind: NameKind): AccountName {
  const name = kind === "certified" ? normaliseCertified(text) : normaliseCustom(text);
  checkName(name, kind);
  return { name, kind, ...nameSkeletons(name) };
}

/**
 * The two skeletons of a name, for finding whoever has a name like it. One skeleton is not enough: "PayPaI" looks like
 * "PayPal", "PAYPAL" reads like it, and folding case first loses the former, folding it last the latter.
 *
 * Spaces, hyphens, dots, commas and apostrophes do not count: "Acme Inc." is no other name than "ACME Inc".
 */
export function nameSkeletons(name: string): Pick<AccountName, "lookSkeleton" | "letterSkeleton"> {
  const bare = name.normalize("NFKC").replace(SEPARATORS, "");
  return { lookSkeleton: digest(skeleton(fold(skeleton(bare)))), letterSkeleton: digest(skeleton(fold(bare))) };
}

/** Spaces, and the small signs between words that a reader passes over. */
const SEPARATORS = /[\p{Zs}.,:'’\-‐_·・、\u02B9-\u02BC\u05F3\u05F4]/gu;
/** Dots and hyphens of other widths and heights, which keyboards and documents use for the same ones. */
const DOTS = /[•‧∙⋅]/gu;
const HYPHENS = /[‐‑‒–−]/gu;

function normaliseCertified(text: string): string {
  // Chinese brackets are part of a Chinese name; everything else of full width becomes ordinary.
  const parts = text.split(/([（）])/u).map((part) => (/[（）]/u.test(part) ? part : part.normalize("NFKC")));
  const plain = parts
    .join("")
    .replace(DOTS, "·")
    .replace(HYPHENS, "-")
    .replace(/\p{Zs}+/gu, " ")
    .trim();
  // The katakana dot belongs to Japanese names; elsewhere it stands for the middle dot.
  return /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(plain) ? plain : plain.replaceAll("・", "·");
}

function normaliseCustom(text: string): string {
  return fold(text.normalize("NFKC"))
    .replace(HYPHENS, "-")
    .replace(/^\p{Zs}+|\p{Zs}+$/gu, "");
}

/**
 * Takes the case away: character by character, so that no letter's form depends on its place. A capital letter that
 * brings its own dot (İ) would leave one above a letter that has it already.
 */
function fold(text: string): string {
  const folded = Array.from(text, (character) => character.toUpperCase().toLowerCase()).join("");
  return folded
    .normalize("NFD")
    .replace(/(?<=[ij]\p{Mn}*)\u0307/gu, "")
    .normalize("NFKC");
}

function digest(text: string): string {
  if (text === "") throw new BropError("name.arrangement-refused", { rule: "a name has a letter or digit" });
  return bytesToHex(keccak256(new TextEncoder().encode(text)));
}

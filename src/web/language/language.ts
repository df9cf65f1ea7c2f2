import { chinese } from "./chinese.ts";
import { english } from "./english.ts";

export const LANGUAGES = ["en", "zh"] as const;

export type Language = (typeof LANGUAGES)[number];

/** Name of one text of the site. */
export type TextName = keyof typeof english;

/** Names of texts that differ by number: `x` stands for `x.one` and `x.other`. */
export type CountedName = TextName extends infer Name ? (Name extends `${infer Stem}.one` ? Stem : never) : never;

export const TEXTS: Record<Language, Record<TextName, string>> = { en: english, zh: chinese };

/** Tag for `Intl` and the document's `lang`. */
export const TAGS: Record<Language, string> = { en: "en", zh: "zh-CN" };

/** The language of the reader: the remembered choice, else the first that the browser prefers and the site has. */
export function chooseLanguage(remembered: string | null, preferred: readonly string[]): Language {
  for (const tag of [remembered ?? "", ...preferred]) {
    const primary = tag.toLowerCase().split("-")[0];
    const found = LANGUAGES.find((language) => language === primary);
    if (found) return found;
  }
  return "en";
}

/** Fills `{name}` places of a text. A place without a value stays visible, so that the mistake is seen. */
export function fill(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** A text cut at its `{name}` places: words and names take turns, words first. */
export function cut(text: string): string[] {
  return text.split(/\{(\w+)\}/);
}

/** The text for a number, with `{count}` filled. */
export function countText(language: Language, name: CountedName, count: number | bigint): string {
  const form = new Intl.PluralRules(TAGS[language]).select(Number(count)) === "one" ? "one" : "other";
  const text = TEXTS[language][`${name}.${form}` as TextName];
  return fill(text, { count: new Intl.NumberFormat(TAGS[language]).format(count) });
}

/** Scripts without spaces between words: a part of two characters is already worth looking for. */
const IDEOGRAPHIC =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Text as it is searched: full and half width, upper and lower case, and composed characters are the same. */
export function searchable(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/**
 * Short parts of a searchable text, by which those that can contain another are found: every character of a script like
 * Chinese, every two characters with one of these, and every three without. What a text contains has no parts that the
 * text does not have; so an index over them leaves little to compare.
 */
export function grams(text: string): string[] {
  const characters = [...text];
  const wide = characters.map((character) => IDEOGRAPHIC.test(character));
  const found = new Set<string>();
  for (let at = 0; at < characters.length; at++) {
    const [first, second, third] = characters.slice(at, at + 3);
    if (wide[at]) found.add(first as string);
    if (second === undefined) continue;
    if (wide[at] || wide[at + 1]) found.add(`${first}${second}`);
    else if (third !== undefined && !wide[at + 2]) found.add(`${first}${second}${third}`);
  }
  return [...found];
}

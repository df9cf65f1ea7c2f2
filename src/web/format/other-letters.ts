const MOST = 6;

/**
 * The characters of a name that the text looked for does not have, each with its code point: what tells a look-alike
 * from the name that it imitates, where the eye can not.
 * @example otherLetters("pаypal", "paypal") // ["а (U+0430)"]
 */
export function otherLetters(name: string, sought: string): string[] {
  const plain = (text: string) => Array.from(text.normalize("NFKC").toLowerCase());
  const known = new Set(plain(sought));
  const others = new Set(plain(name).filter((character) => /\S/u.test(character) && !known.has(character)));
  return [...others].slice(0, MOST).map((character) => {
    const codePoint = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `${character} (U+${codePoint})`;
  });
}

const MOST = 6;

/**
 * The characters that a name has more often than the text looked for, each with its code point: what tells a look-alike
 * from the name that it imitates, where the eye can not.
 * @example otherLetters("pаypal", "paypal") // ["а (U+0430)"]
 */
export function otherLetters(name: string, sought: string): string[] {
  const left = new Map<string, number>();
  for (const character of plain(sought)) left.set(character, (left.get(character) ?? 0) + 1);
  const others = new Set<string>();
  for (const character of plain(name)) {
    const count = left.get(character) ?? 0;
    if (count === 0) others.add(character);
    left.set(character, count - 1);
  }
  return [...others].slice(0, MOST).map((character) => {
    const codePoint = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `${character} (U+${codePoint})`;
  });
}

/** As names are compared: whatever their case and width, without spaces. */
function plain(text: string): string[] {
  return Array.from(text.normalize("NFKC").toLowerCase()).filter((character) => /\S/u.test(character));
}

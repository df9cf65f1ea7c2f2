// Lines and columns for terminals.

const GAP = "  ";
// Chinese, Japanese and Korean characters, and most pictures, take two columns.
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\p{Emoji_Presentation}]/u;
const CONTROL = /\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from elsewhere with nothing in it that moves the cursor, changes colours or turns the direction of writing:
 * whoever named a partner or a file must not write on somebody's terminal.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => (character === "\n" ? " " : "\ufffd"));
}

/** Names and values, one a line; values that are undefined are left out. */
export function details(rows: readonly (readonly [name: string, value: string | undefined])[]): string {
  const given = rows.filter(([, value]) => value !== undefined) as [string, string][];
  return columns(given.map(([name, value]) => [name, value]));
}

/** Rows in columns as wide as they need to be. Cells are made printable; nothing else may colour them. */
export function columns(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of clean) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  }
  return clean.map((row) => lineOf(row, widths)).join("\n");
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - widthOf(cell)));
  return cells.join(GAP).trimEnd();
}

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

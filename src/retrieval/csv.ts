/** One line of a table (RFC 4180), with its end. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

/** Text that a spreadsheet would take for a formula, in half or full width. */
const FORMULA = /^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]/u;

/** Text of somebody else's: a spreadsheet shows it and does not compute it (an apostrophe in front). */
export function plainText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function cell(text: string | null): string {
  if (text === null) return "";
  // Empty text and no value are told apart.
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

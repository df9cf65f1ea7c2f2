import { type ColumnKind, type Columns, kindOf } from "./tables/columns.ts";

/** Rows in one piece of text: enough for one write to a socket, and made while the server reads the one before. */
const ROWS_A_PIECE = 250;
const SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const escaped = (text: string) => text.replace(SPECIAL, (character) => ESCAPES[character] as string);

/** JSON writes control characters with a backslash, and most of it has none. */
const escapedJson = (text: string) => (text.includes("\\") ? text.replaceAll("\\", "\\\\") : text);

const WRITERS: Record<ColumnKind, (value: unknown) => string> = {
  bytes: (digits) => `\\\\x${digits}`,
  integer: String,
  numeric: String,
  boolean: String,
  text: (value) => escaped(String(value)),
  json: (value) => escapedJson(JSON.stringify(value)),
  jsonText: (value) => escapedJson(String(value)),
};

/** Rows as PostgreSQL's `COPY … FROM STDIN` reads them in its text format, in pieces. */
export function* copyText(columns: Columns, rows: readonly Readonly<Record<string, unknown>>[]): Generator<string> {
  const fields = Object.keys(columns).map((name) => ({ name, write: WRITERS[kindOf(columns, name)] }));
  for (let start = 0; start < rows.length; start += ROWS_A_PIECE) {
    let text = "";
    for (const row of rows.slice(start, start + ROWS_A_PIECE)) {
      let separator = "";
      for (const { name, write } of fields) {
        const value = row[name];
        text += separator + (value === null ? "\\N" : write(value));
        separator = "\t";
      }
      text += "\n";
    }
    yield text;
  }
}

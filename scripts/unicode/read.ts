import { readFileSync } from "node:fs";

/** One line of a data file of the Unicode Character Database or of UTS 39: its fields, comments taken off. */
export type Fields = readonly string[];

/** Reads the lines of such a file that hold data. */
export function readFields(path: string): Fields[] {
  const lines = readFileSync(path, "utf8")
    .replace(/^\uFEFF/, "")
    .split("\n");
  return lines
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => line.split(";").map((field) => field.trim()));
}

/** The version that a file names in its head, which has to be the one expected. */
export function checkVersion(path: string, version: string): void {
  const head = readFileSync(path, "utf8").slice(0, 1_000);
  if (!head.includes(version)) throw new Error(`${path} is not of Unicode ${version}`);
}

/** Code points of a field such as "0041" or "0041..005A". */
export function codePoints(field: string): number[] {
  const [first = "", last = first] = field.split("..");
  const [from, to] = [Number.parseInt(first, 16), Number.parseInt(last, 16)];
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Text of a field such as "0072 006E". */
export function textOf(field: string): string {
  return String.fromCodePoint(...field.split(/\s+/).map((code) => Number.parseInt(code, 16)));
}

/**
 * Makes the tables by which names are compared, `src/core/unicode/*-data.ts`, from the files of the Unicode Consortium:
 * confusables.txt and IdentifierStatus.txt (https://www.unicode.org/Public/security/), Scripts.txt and
 * ScriptExtensions.txt (https://www.unicode.org/Public/UCD/), all of one version.
 *
 * node scripts/unicode/generate.ts FOLDER 17.0.0
 *
 * Skeletons that stand on chain were made with the tables of their day. A new version is a decision, not an upkeep.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkVersion, codePoints, readFields, textOf } from "./read.ts";

const { positionals } = parseArgs({ allowPositionals: true });
const [folder = "", version = ""] = positionals;
const FILES = ["confusables", "IdentifierStatus", "Scripts", "ScriptExtensions"] as const;
for (const file of FILES) checkVersion(pathOf(file), version);

const NOTICE = `/**
 * Made by scripts/unicode/generate.ts from data of the Unicode Consortium, version ${version}.
 * Copyright © 1991-2025 Unicode, Inc. Unicode License V3: the file LICENSE beside this one.
 */
`;
const target = (name: string) => new URL(`../../src/core/unicode/${name}-data.ts`, import.meta.url);

writeFileSync(
  target("confusables"),
  `${NOTICE}
/** Prototype, then the characters that are mistaken for it: code points in hexadecimal, the latter as steps upwards. */
export const CONFUSABLES = \`
${wrapped(confusables())}
\`;
`,
);
writeFileSync(
  target("identifier"),
  `${NOTICE}
export const UNICODE_VERSION = ${JSON.stringify(version)};

/** Scripts, then the characters of identifiers that are used in them: ranges in hexadecimal, as step and length. */
export const IDENTIFIER_CHARACTERS = \`
${wrapped(identifierCharacters())}
\`;
`,
);

function pathOf(file: (typeof FILES)[number]): string {
  return join(folder, `${file}.txt`);
}

/** Confusables.txt, turned round: "72+6e=6d,..." */
function confusables(): string[] {
  const sources = new Map<string, number[]>();
  for (const [source = "", prototype = ""] of readFields(pathOf("confusables"))) {
    const key = [...textOf(prototype)].map((character) => hex(character.codePointAt(0) ?? 0)).join("+");
    sources.set(key, [...(sources.get(key) ?? []), ...codePoints(source)]);
  }
  return [...sources].map(
    ([key, list]) =>
      `${key}=${steps(list.sort((a, b) => a - b))
        .map(hex)
        .join(",")}`,
  );
}

/** Characters with Identifier_Status Allowed, by their Script_Extensions: "Latn=41:19,7:19,..." */
function identifierCharacters(): string[] {
  const scripts = scriptExtensions();
  const sets = new Map<string, number[]>();
  for (const [field = "", status] of readFields(pathOf("IdentifierStatus"))) {
    if (status !== "Allowed") continue;
    for (const codePoint of codePoints(field)) {
      const key = scripts.get(codePoint) ?? "Zzzz";
      sets.set(key, [...(sets.get(key) ?? []), codePoint]);
    }
  }
  return [...sets].map(([key, list]) => `${key.replaceAll(" ", "+")}=${ranges(list.sort((a, b) => a - b)).join(",")}`);
}

/** Script_Extensions of every character, as codes of ISO 15924 with spaces between them. */
function scriptExtensions(): Map<number, string> {
  const scripts = new Map<number, string>();
  for (const [field = "", name = ""] of readFields(pathOf("Scripts"))) {
    for (const codePoint of codePoints(field)) scripts.set(codePoint, shortName(name));
  }
  for (const [field = "", names = ""] of readFields(pathOf("ScriptExtensions"))) {
    for (const codePoint of codePoints(field)) scripts.set(codePoint, names.split(" ").sort().join(" "));
  }
  return scripts;
}

/** Scripts.txt has long names: those of the scripts that identifiers are written in (UAX 31, table 5). */
function shortName(name: string): string {
  const known: Record<string, string> = {
    Arabic: "Arab",
    Armenian: "Armn",
    Bengali: "Beng",
    Bopomofo: "Bopo",
    Common: "Zyyy",
    Cyrillic: "Cyrl",
    Devanagari: "Deva",
    Ethiopic: "Ethi",
    Georgian: "Geor",
    Greek: "Grek",
    Gujarati: "Gujr",
    Gurmukhi: "Guru",
    Han: "Hani",
    Hangul: "Hang",
    Hebrew: "Hebr",
    Hiragana: "Hira",
    Inherited: "Zinh",
    Kannada: "Knda",
    Katakana: "Kana",
    Khmer: "Khmr",
    Lao: "Laoo",
    Latin: "Latn",
    Malayalam: "Mlym",
    Myanmar: "Mymr",
    Oriya: "Orya",
    Sinhala: "Sinh",
    Tamil: "Taml",
    Telugu: "Telu",
    Thaana: "Thaa",
    Thai: "Thai",
    Tibetan: "Tibt",
  };
  return known[name] ?? name;
}

function steps(sorted: readonly number[]): number[] {
  return sorted.map((value, index) => value - (sorted[index - 1] ?? 0));
}

/** Runs of neighbours, each as the step from the end of the one before and its length less one. */
function ranges(sorted: readonly number[]): string[] {
  const found: string[] = [];
  let end = 0;
  for (let index = 0; index < sorted.length; ) {
    const first = sorted[index] ?? 0;
    let last = first;
    while (sorted[++index] === last + 1) last++;
    found.push(last === first ? hex(first - end) : `${hex(first - end)}:${hex(last - first)}`);
    end = last;
  }
  return found;
}

function hex(value: number): string {
  return value.toString(16);
}

/** Entries in lines of a length that a comparison of two versions can be read by. */
function wrapped(entries: readonly string[]): string {
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + entry.length < 480) lines[lines.length - 1] = `${last} ${entry}`;
    else lines.push(entry);
  }
  return lines.join("\n");
}

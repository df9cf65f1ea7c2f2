import { CONFUSABLES } from "./confusables-data.ts";

let prototypes: ReadonlyMap<string, string> | undefined;

/**
 * The skeleton of a text (UTS 39, section 4): two texts with the same skeleton can be mistaken for each other. It is for
 * comparing only, never for showing.
 *
 * @example skeleton("paypal") === skeleton("pаypаl") // the second is written with two Cyrillic letters
 */
export function skeleton(text: string): string {
  prototypes ??= readPrototypes();
  let replaced = "";
  for (const character of text.normalize("NFD").replace(/\p{Default_Ignorable_Code_Point}/gu, "")) {
    replaced += prototypes.get(character) ?? character;
  }
  return replaced.normalize("NFD");
}

function readPrototypes(): Map<string, string> {
  const map = new Map<string, string>();
  for (const entry of CONFUSABLES.trim().split(/\s+/)) {
    const [target = "", steps = ""] = entry.split("=");
    const prototype = String.fromCodePoint(...target.split("+").map(fromHex));
    let codePoint = 0;
    for (const step of steps.split(",")) {
      codePoint += fromHex(step);
      map.set(String.fromCodePoint(codePoint), prototype);
    }
  }
  return map;
}

function fromHex(text: string): number {
  return Number.parseInt(text, 16);
}

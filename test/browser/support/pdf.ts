import { inflateSync } from "node:zlib";

/**
 * The characters that a PDF says its glyphs stand for (ToUnicode, ISO 32000 §9.10.3): what one finds by searching in it and
 * copies out of it. Their order is that of the fonts, not of the text.
 */
export function textOfPdf(pdf: Uint8Array): string {
  const file = Buffer.from(pdf);
  let text = "";
  for (const { index } of file.toString("latin1").matchAll(/(?<!end)stream\r?\n/g)) {
    const start = file.indexOf(0x0a, index) + 1;
    const map = inflated(file.subarray(start, file.indexOf("endstream", start)));
    for (const [block] of map.matchAll(/beginbf(char|range)[\s\S]*?endbf/g)) {
      for (const [, hex = ""] of block.matchAll(/<([0-9A-Fa-f]+)>\s*(?=\n|\r|$)/g)) text += decoded(hex);
      for (const [, list = ""] of block.matchAll(/\[([^\]]*)\]/g)) text += decoded(list.replace(/[^0-9A-Fa-f]/g, ""));
      text += expanded(block);
    }
  }
  return text;
}

/** `<first> <last> <code>`: one character after the other. */
function expanded(block: string): string {
  let text = "";
  for (const [, first = "", last = "", code = ""] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w{4})>/g)) {
    const count = Number.parseInt(last, 16) - Number.parseInt(first, 16);
    for (let step = 0; step <= count; step++) text += String.fromCharCode(Number.parseInt(code, 16) + step);
  }
  return text;
}

function decoded(hex: string): string {
  return Buffer.from(hex, "hex").swap16().toString("utf16le");
}

function inflated(stream: Buffer): string {
  try {
    return inflateSync(stream).toString("latin1");
  } catch {
    return "";
  }
}

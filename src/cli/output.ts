import colours from "picocolors";
import type { BropError } from "../core/errors.ts";
import type { GlobalOptions } from "./options.ts";

export type Paint = ReturnType<typeof colours.createColors>;

/** Where a command says what came of it. */
export interface Output {
  /**
   * The result: one JSON document with `--json`, else the words for people.
   * @param data bigints become decimal strings
   */
  result(data: unknown, words: (paint: Paint) => string): void;
  /** Something that the reader should know besides; never on standard output. */
  note(text: string): void;
  fail(error: BropError): void;
}

export function outputOf({ json, quiet }: Pick<GlobalOptions, "json" | "quiet">): Output {
  return {
    result(data, words) {
      if (json) process.stdout.write(`${toJson(data)}\n`);
      else if (!quiet) process.stdout.write(`${words(paintFor(process.stdout))}\n`);
    },
    note(text) {
      if (json || quiet) return;
      process.stderr.write(`${paintFor(process.stderr).yellow("!")} ${text}\n`);
    },
    fail(error) {
      if (json) process.stdout.write(`${toJson({ error: error.toProblem() })}\n`);
      else process.stderr.write(`${describeError(error, paintFor(process.stderr))}\n`);
    },
  };
}

/** Colours for one stream: none unless it is a terminal, nor when NO_COLOR is set (no-color.org). */
export function paintFor(stream: { isTTY?: boolean }): Paint {
  return colours.createColors(stream.isTTY === true && colours.isColorSupported);
}

function describeError(error: BropError, paint: Paint): string {
  return `${paint.red("✗")} ${paint.bold(error.code)}: ${error.message}\n  ${paint.dim("→")} ${error.remedy}`;
}

function toJson(data: unknown): string {
  return JSON.stringify(data, (_name, value) => (typeof value === "bigint" ? value.toString() : value), 2);
}

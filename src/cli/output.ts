import colours from "picocolors";
import { BropError, isErrorCode } from "../core/errors.ts";
import type { GlobalOptions } from "./options.ts";
import { printable } from "./table.ts";

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
      process.stderr.write(`${paintFor(process.stderr).yellow("!")} ${printable(text)}\n`);
    },
    fail(thrown) {
      const error = causeOf(thrown);
      if (json) process.stdout.write(`${toJson({ error: error.toProblem() })}\n`);
      else process.stderr.write(`${describeError(error, paintFor(process.stderr))}\n`);
    },
  };
}

/** Colours for one stream: none unless it is a terminal, nor when NO_COLOR is set (no-color.org). */
export function paintFor(stream: { isTTY?: boolean }): Paint {
  return colours.createColors(stream.isTTY === true && colours.isColorSupported);
}

/** The contract's own reason in place of the reverted operation's, which would only point to it. */
function causeOf(error: BropError): BropError {
  const { cause, reason, ...details } = error.details;
  if (error.code !== "operation.reverted" || !isErrorCode(cause) || cause === "contract.reverted") return error;
  return new BropError(cause, details, typeof reason === "string" ? reason : undefined, { cause: error });
}

function describeError(error: BropError, paint: Paint): string {
  const first = `${paint.red("✗")} ${paint.bold(error.code)}: ${printable(error.message)}`;
  return [first, ...linesOf(error), `  ${paint.dim("→")} ${error.remedy}`].join("\n");
}

/** What an error lists one by one, such as the faults of a file. */
function linesOf({ details: { lines } }: BropError): string[] {
  return Array.isArray(lines) ? lines.map((line) => `  ${printable(String(line))}`) : [];
}

function toJson(data: unknown): string {
  return JSON.stringify(data, (_name, value) => (typeof value === "bigint" ? value.toString() : value), 2);
}

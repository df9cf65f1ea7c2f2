import { InvalidArgumentError } from "commander";

// Readers of what is typed; what they refuse ends the command as not well put.

export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

export function wordsOf<const Word extends string>(known: readonly Word[]) {
  return (text: string): Word[] => text.split(",").map((word) => wordOf(known)(word.trim()));
}

export function wordOf<const Word extends string>(known: readonly Word[]) {
  return (text: string): Word => {
    if ((known as readonly string[]).includes(text)) return text as Word;
    throw new InvalidArgumentError(`It must be one of ${known.join(", ")}.`);
  };
}

/** 32 bytes as `0x` and 64 digits. */
export function bytes32(text: string): string {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError("It must be 0x and 64 hexadecimal digits.");
}

/** A SHA-256 as `sha256sum` prints it. */
export function digest(text: string): string {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError("It must be 64 hexadecimal digits.");
}

/** An address; its check digits are looked at where it is used. */
export function address(text: string): string {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text;
  throw new InvalidArgumentError("It must be an address: 0x and 40 hexadecimal digits.");
}

/** Gathers an option that may be given several times. */
export function gathered(text: string, before: string[] = []): string[] {
  return [...before, text];
}

const DAY = 24 * 3600 * 1000;

/** The time so many days from now. */
export function inDays(days: number): Date {
  return new Date(Date.now() + days * DAY);
}

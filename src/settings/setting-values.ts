import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { BropError } from "../core/errors.ts";

/** One row of the table of settings (docs/configuration.md). */
export interface Setting<Value> {
  /** Environment variable. */
  environment: string;
  /** Command line option, which goes before the environment; secrets have none, other users can see a command line. */
  flag?: string;
  /** What stands for the value in help texts. */
  placeholder: string;
  /** Value when neither is given, as it would be written. */
  fallback?: string;
  description: string;
  /** Never shown, not even in an error. */
  secret?: boolean;
  /** @throws Error saying what the value must be */
  parse: (text: string) => Value;
}

// Values of settings as they are written: each parser says what the value must be when it is not.

/** A whole number in decimal digits. */
export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new Error(`must be a whole number from ${least} to ${most}`);
  };
}

const UNITS = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

/** A number of bytes, as `500000` or `64GiB`. */
export function byteCount(text: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,16}) ?(KiB|MiB|GiB|TiB)?$/.exec(text) ?? [];
  const bytes = Number(digits) * UNITS[unit as keyof typeof UNITS];
  if (digits !== "" && Number.isSafeInteger(bytes)) return bytes;
  throw new Error("must be a number of bytes, for example 500000 or 64GiB");
}

/** One of these words. */
export function oneOf<const Word extends string>(words: readonly Word[]) {
  return (text: string): Word => {
    if ((words as readonly string[]).includes(text)) return text as Word;
    throw new Error(`must be one of ${words.join(", ")}`);
  };
}

/** A URL with one of these protocols, as `https:`. */
export function address(protocols: readonly string[]) {
  return (text: string): string => {
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
    throw new Error(`must be an address that begins with ${protocols.map((name) => `${name}//`).join(" or ")}`);
  };
}

/** An object identifier (ITU-T X.660) in its dotted form. */
export function objectIdentifier(text: string): string {
  if (text.length <= 100 && /^[0-2](?:\.(?:0|[1-9]\d{0,9}))+$/.test(text)) return text;
  throw new Error("must be an object identifier such as 1.3.6.1.4.1.32473.8420");
}

/** IP addresses and networks, with commas between them. */
export function networks(text: string): readonly string[] {
  const list = text.split(",").map((each) => each.trim());
  if (list.every(isNetwork)) return list;
  throw new Error("must be IP addresses or networks such as 10.0.0.0/8, with commas between them");
}

function isNetwork(text: string): boolean {
  const [address = "", bits = "0", ...more] = text.split("/");
  const most = isIP(address) === 6 ? 128 : 32;
  return isIP(address) > 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

/**
 * A secret in a file, as container engines and systemd hand them over: the variable with `_FILE` names it.
 *
 * @param variable with `_FILE`
 * @throws BropError `configuration.invalid` naming the variable where the file can not be read
 */
export function secretFile(
  variable: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const path = environment[variable];
  if (path === undefined || path === "") return undefined;
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new BropError("configuration.invalid", { setting: variable, value: path, reason: code ?? message });
  }
}

/** What is set without the command line: by the variable, for a secret by its file, else by the default. */
export function givenValue(
  { environment: variable, secret, fallback }: Setting<unknown>,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const fromFile = () => (secret ? secretFile(`${variable}_FILE`, environment) : undefined);
  return environment[variable] || fromFile() || fallback;
}

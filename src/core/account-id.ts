import { BropError } from "./errors.ts";

/**
 * System account ID (ID-2): the account's sequential number and one check digit, in groups of four digits:
 * account 1 is "0000-0013".
 *
 * The check digit is Damm's (H. M. Damm, 2004). Digits only, because they are read out over the telephone, typed on
 * number pads and mean the same to readers of every script; and of the usual methods over ten digits Damm's is
 * the one that detects every single wrong digit and every swap of neighbours (ISO 7064 MOD 11,10 misses some swaps).
 * Leading zeros do not change it, so they may be left out when typing.
 */

// Row: digit so far, column: next digit. The totally anti-symmetric quasigroup of order 10 from Damm's thesis.
const QUASIGROUP = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
];
const MAX_NUMBER = (1n << 64n) - 1n;
const SHORTEST = 8;

/**
 * The printed form of an account's sequential number.
 * @param number from 1, as `AccountFactory.idOf` gives it
 * @throws BropError `identifier.invalid` for a number that no account has
 */
export function formatAccountId(number: bigint | number): string {
  if (typeof number === "number" ? !Number.isSafeInteger(number) || number < 1 : number < 1n || number > MAX_NUMBER) {
    throw new BropError("identifier.invalid", { number });
  }
  const digits = number.toString();
  const all = (digits + remainder(digits)).padStart(SHORTEST, "0");
  return all.replace(/\B(?=(\d{4})+$)/g, "-");
}

/**
 * The sequential number of a printed or typed account ID. Spaces, hyphens and leading zeros do not matter.
 * @throws BropError `identifier.invalid` when it is mistyped
 */
export function parseAccountId(text: string): bigint {
  const digits = text.replace(/[\s\-\u2010-\u2015\uff0d]/g, "").normalize("NFKC");
  if (!/^\d{2,24}$/.test(digits) || remainder(digits) !== "0") throw new BropError("identifier.invalid", { id: text });
  const number = BigInt(digits.slice(0, -1));
  if (number < 1n || number > MAX_NUMBER) throw new BropError("identifier.invalid", { id: text });
  return number;
}

/** The check digit of `digits`; "0" for digits that end with their check digit. */
function remainder(digits: string): string {
  let interim = 0;
  for (const digit of digits) interim = Number(QUASIGROUP[interim]?.[Number(digit)]);
  return String(interim);
}

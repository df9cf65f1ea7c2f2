import { getAddress, isAddress, ZeroAddress } from "ethers";
import { GENERATE, type Holder } from "./consortium.ts";
import type { Place } from "./place.ts";

const WORDS = "an address (0x and 40 hexadecimal digits, in quotation marks)";

/** The address of a key that somebody has, or `generate`. */
export function readHolder(place: Place): Holder | undefined {
  return readAddress(place, true);
}

/** @param generated whether `generate` may stand in its place */
export function readAddress(place: Place, generated = false): string | undefined {
  const words = generated ? `${WORDS}, or \`${GENERATE}\` for a trial` : WORDS;
  const text = place.text(generated ? /^(0x[0-9a-fA-F]{40}|generate)$/ : /^0x[0-9a-fA-F]{40}$/, words);
  if (text === undefined || text === GENERATE) return text;
  if (!isAddress(text)) return place.fault(`is "${text}", whose check digits are wrong`, "copy the address anew");
  if (text === ZeroAddress) return place.fault("is the zero address", `give ${words}`);
  return getAddress(text);
}

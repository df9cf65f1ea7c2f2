import { bytesToHex, hexToBytes, word } from "./hex.ts";
import { keccak256 } from "./keccak.ts";

// Where Solidity keeps the elements of mappings and lists. Slots are 32 bytes as `0x...`.

/**
 * Slot of a mapping's element.
 * @param key of up to 32 bytes, `0x...`; shorter ones are numbers or addresses
 * @param slot the mapping's own
 */
export function mappingSlot(key: string, slot: bigint | string): string {
  return hashOf(key.slice(2).toLowerCase().padStart(64, "0") + word(BigInt(slot)));
}

/** Slot of the first element of a list whose length stands in `slot`. */
export function listStart(slot: string): bigint {
  return BigInt(hashOf(word(BigInt(slot))));
}

/** A slot's name. */
export function slotName(slot: bigint): string {
  return `0x${word(slot)}`;
}

function hashOf(digits: string): string {
  return bytesToHex(keccak256(hexToBytes(`0x${digits}`)));
}

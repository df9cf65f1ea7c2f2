import { concat, encodeBytes32String, keccak256 } from "ethers";
import { word } from "../core/hex.ts";

/** Slot 0 of Directory is `mapping(bytes32 name => Entry)`; an entry begins with its target. */
const ENTRIES_SLOT = 0n;
const ADDRESS_BITS = 160n;

/** Slot of Directory's storage that holds the address of a listed contract, in its lowest 160 bits. */
export function directorySlot(name: string): string {
  return keccak256(concat([encodeBytes32String(name), `0x${word(ENTRIES_SLOT)}`]));
}

/** The address in such a slot, in lower case; zero where nothing is listed. */
export function addressInSlot(value: bigint): string {
  const address = value & ((1n << ADDRESS_BITS) - 1n);
  return `0x${address.toString(16).padStart(40, "0")}`;
}

import { encodeBytes32String } from "ethers";
import { mappingSlot } from "./storage-slots.ts";

/** Slot 0 of Directory is `mapping(bytes32 name => Entry)`; an entry begins with target, version and block. */
const ENTRIES_SLOT = 0n;
const ADDRESS_BITS = 160n;
/** Behind the target and a version of 32 bits. */
const BLOCK_START = 192n;

/** Slot of Directory's storage that holds the address of a listed contract, in its lowest 160 bits. */
export function directorySlot(name: string): string {
  return mappingSlot(encodeBytes32String(name), ENTRIES_SLOT);
}

/** The address in such a slot, in lower case; zero where nothing is listed. */
export function addressInSlot(value: bigint): string {
  const address = value & ((1n << ADDRESS_BITS) - 1n);
  return `0x${address.toString(16).padStart(40, "0")}`;
}

/** The block of the listing in such a slot. */
export function listingBlockInSlot(value: bigint): number {
  return Number((value >> BLOCK_START) & 0xffff_ffff_ffffn);
}

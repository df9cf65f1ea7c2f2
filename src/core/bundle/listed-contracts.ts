import { addressInSlot, directorySlot, listingBlockInSlot } from "../directory-slots.ts";
import type { Bundle, ContractPart } from "./bundle.ts";
import { shown } from "./checkpoints.ts";
import { addressWord, CONTRACT_REGISTERED } from "./events.ts";
import { BundleFault } from "./reasons.ts";
import { logAt, type ShownBlocks, storageAt } from "./shown-blocks.ts";

/** Directory stands at the same address on every network. */
export const DIRECTORY = "0x000000000000000000000000000000000000b001";

/** A contract with the block from which Directory lists it. */
export interface ListedContract {
  name: string;
  address: string;
  since: number;
}

/**
 * Contracts that Directory lists, by their names.
 * @throws BundleFault `contract.*`, `block.absent`, `event.absent`, `state.missing`
 */
export function listedContracts(bundle: Bundle, blocks: ShownBlocks): ReadonlyMap<string, ListedContract> {
  const contracts = new Map<string, ListedContract>();
  for (const part of bundle.contracts) {
    if (contracts.has(part.name)) throw new BundleFault("contract.twice", part.name);
    const since = "log" in part.listed ? listedByEvent(part, blocks) : listedByState(part, blocks);
    contracts.set(part.name, { name: part.name, address: part.address, since });
  }
  return contracts;
}

/**
 * A contract that was listed at a block.
 * @throws BundleFault `contract.missing`, `contract.later`
 */
export function contractAt(contracts: ReadonlyMap<string, ListedContract>, name: string, block: number): string {
  const contract = contracts.get(name);
  if (contract === undefined) throw new BundleFault("contract.missing", name);
  if (contract.since > block) throw new BundleFault("contract.later", `${name} in block ${contract.since}`);
  return contract.address;
}

function listedByEvent({ name, address, listed }: ContractPart, blocks: ShownBlocks): number {
  const log = logAt(blocks, listed as Exclude<typeof listed, { block: number } & { log?: undefined }>);
  const [topic, listedName, target] = log.topics;
  const isListing =
    log.address === DIRECTORY &&
    topic === CONTRACT_REGISTERED &&
    listedName === nameTopic(name) &&
    target === `0x${addressWord(address)}`;
  if (!isListing) throw new BundleFault("contract.listing", name);
  return listed.block;
}

function listedByState({ name, address, listed }: ContractPart, blocks: ShownBlocks): number {
  const entry = shown(storageAt(blocks, listed.block, DIRECTORY), directorySlot(name));
  if (addressInSlot(entry) !== address) throw new BundleFault("contract.listing", name);
  return listingBlockInSlot(entry);
}

/** Up to 31 ASCII characters, filled up with zeros. */
function nameTopic(name: string): string {
  const digits = Array.from(name, (letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return `0x${digits.padEnd(64, "0")}`;
}

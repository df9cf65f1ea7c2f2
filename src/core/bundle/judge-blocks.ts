import { judgeSeals, quorumOf } from "../qbft/seals.ts";
import type { SealedTrust } from "../qbft/trust.ts";
import { VALIDATOR_REGISTRY, type ValidatorSet } from "../qbft/validator-set.ts";
import type { Bundle } from "./bundle.ts";
import { BundleFault, under } from "./reasons.ts";
import { blockAt, logAt, type ShownBlock, type ShownBlocks } from "./shown-blocks.ts";

/** Who sealed a block. */
export interface SealedBlock {
  number: number;
  hash: string;
  /** Seconds since 1970. */
  timestamp: number;
  /** Attempts that it took to agree on the block, from 0. */
  round: number;
  /** Changes of the validators before it. */
  epoch: number;
  validators: number;
  quorum: number;
  sealers: readonly string[];
}

/**
 * Follows the validators from the trusted start through the bundle's blocks, and makes sure that each block was sealed by
 * a quorum of those of its height. Blocks up to the start that only tell how the validators came to be are passed over.
 * @throws BundleFault `header.*`, `seals.*`, `validators.*`, `trust.later`
 */
export function judgeBlocks(bundle: Bundle, blocks: ShownBlocks, trust: SealedTrust): SealedBlock[] {
  checkChanges(bundle, blocks);
  const changes = new Map(bundle.validators.map((place) => [place.block, place]));
  const needed = neededBlocks(bundle);
  const judged: SealedBlock[] = [];
  let { set } = trust;
  for (const block of blocks.values()) {
    const { number } = block;
    if (number === trust.anchor.number && block.hash !== trust.anchor.hash) throw new BundleFault("header.anchor");
    if (number <= trust.anchor.number) {
      if (number < trust.anchor.number && needed.has(number)) throw new BundleFault("trust.later", `block ${number}`);
      continue;
    }
    judged.push(judgeBlock(block, set));
    const change = changes.get(number);
    if (change !== undefined) set = nextSet(blocks, change, set);
    confirmSet(block, set);
  }
  return judged;
}

/** Numbers of the blocks that a claim rests on, changes of validators aside. */
export function neededBlocks(bundle: Bundle): Set<number> {
  const { claim, contracts, status, certification, timestamps = [], asOf } = bundle;
  const stamped = timestamps.flatMap(({ stamps }) => (stamps === "claim" ? [] : [stamps.block]));
  const optional = [status?.block, certification?.block].filter((number) => number !== undefined);
  return new Set([
    claim.kind === "block" ? claim.block : claim.at.block,
    ...contracts.map(({ listed }) => listed.block),
    ...stamped,
    ...optional,
    // A newer state may be shown for the validators alone.
    asOf,
  ]);
}

/** @throws BundleFault `validators.order`, `block.absent` */
function checkChanges(bundle: Bundle, blocks: ShownBlocks): void {
  let last = 0;
  for (const { block } of bundle.validators) {
    if (block <= last) throw new BundleFault("validators.order", `block ${block}`);
    blockAt(blocks, block);
    last = block;
  }
}

/** Refuses blocks that nothing names: they would only keep a verifier busy. @throws BundleFault `blocks.unused` */
export function checkUse(bundle: Bundle, blocks: ShownBlocks): void {
  const used = neededBlocks(bundle);
  for (const { block } of bundle.validators) used.add(block);
  for (const number of blocks.keys()) if (!used.has(number)) throw new BundleFault("blocks.unused", `block ${number}`);
}

function judgeBlock({ header, number, hash, timestamp }: ShownBlock, { epoch, validators }: ValidatorSet): SealedBlock {
  if (header === undefined) throw new BundleFault("network.unsealed");
  if (header.extraData.validators.length > 0) throw new BundleFault("header.validators", `block ${number}`);
  const judgement = judgeSeals(header, validators);
  if (judgement.fault !== undefined) {
    throw new BundleFault(`seals.${judgement.fault}`, `block ${number}: ${judgement.part} ${judgement.words}`);
  }
  const { round } = header.extraData;
  const quorum = quorumOf(validators.length);
  return { number, hash, timestamp, round, epoch, validators: validators.length, quorum, sealers: judgement.sealers };
}

function nextSet(blocks: ShownBlocks, place: Bundle["validators"][number], set: ValidatorSet): ValidatorSet {
  const log = logAt(blocks, place);
  const { address, topic } = VALIDATOR_REGISTRY;
  if (log.address !== address || log.topics[0] !== topic) throw new BundleFault("validators.event");
  const { epoch, validators } = under("validators.event", () => VALIDATOR_REGISTRY.read(log));
  if (epoch !== set.epoch + 1) throw new BundleFault("validators.epoch", `change ${epoch} after ${set.epoch}`);
  return { epoch, changedBlock: place.block, validators };
}

/** Where the state after a block is shown to name its validators by their hash, that has to be the set known. */
function confirmSet({ storage, number }: ShownBlock, set: ValidatorSet): void {
  const { address, summary } = VALIDATOR_REGISTRY;
  if (summary === undefined) return;
  const hash = storage.get(address)?.get(summary.slot);
  if (hash !== undefined && hash !== BigInt(summary.hashOf(set))) {
    throw new BundleFault("validators.hidden", `block ${number}`);
  }
}

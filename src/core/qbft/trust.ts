import { BropError } from "../errors.ts";
import { isHexBytes } from "../hex.ts";
import { genesisHash, genesisValidators } from "./genesis.ts";
import { QBFT_MIX_HASH } from "./header.ts";
import { VALIDATOR_REGISTRY, type ValidatorSet, validatorsOf } from "./validator-set.ts";

/** Where trust in a network of sealed blocks begins. Everything later follows from it by proofs. */
export interface SealedTrust {
  mode: "sealed";
  chainId: bigint;
  /** A block whose hash is known: no relay of another network has it. */
  anchor: { number: number; hash: string };
  /** The set that seals the blocks after the anchor, up to its next change. */
  set: ValidatorSet;
}

/** A development chain: one node makes its blocks, and there is nothing to prove. */
export interface DevelopmentTrust {
  mode: "development";
  chainId: bigint;
}

export type Trust = SealedTrust | DevelopmentTrust;

/** A block that somebody trusted names, with the validators of the time. */
export interface Checkpoint {
  chainId: number | bigint;
  number: number;
  hash: string;
  /** Number of changes of the set up to this block. */
  epoch: number;
  /** Nodes that seal the block after this one. */
  validators: readonly string[];
}

/** Besu's genesis file, parsed; or that of a development chain, which has a chain id and no consensus. */
export type GenesisDescription = { readonly config: { readonly chainId: number } } & Readonly<Record<string, unknown>>;

export type TrustDescription = GenesisDescription | { readonly checkpoint: Checkpoint };

const FORKS = ["londonBlock", "shanghaiTime", "cancunTime", "pragueTime", "osakaTime"] as const;
/** Consensus of other kinds, whose seals are not read here. */
const OTHER_CONSENSUS = ["ibft", "ibft2", "clique", "ethash"] as const;

/**
 * Reads where trust begins from a description that the caller trusts: the network's genesis file, or a checkpoint.
 * What this says decides whether blocks are sealed; no relay is ever asked.
 * @throws BropError `request.invalid` for a description of neither kind, or of a chain whose blocks can not be judged
 */
export function readTrust(description: TrustDescription): Trust {
  if (typeof description !== "object" || description === null) throw unusable("must be a genesis file or a checkpoint");
  if ("checkpoint" in description) return readCheckpoint(description.checkpoint as Checkpoint);
  const genesis = description as Record<string, unknown>;
  const config = genesis.config as Record<string, unknown> | undefined;
  if (typeof config !== "object" || config === null) throw unusable("must be a genesis file or a checkpoint");
  const chainId = chainIdOf(config.chainId);
  for (const name of OTHER_CONSENSUS) {
    if (name in config) throw unusable(`has ${name} consensus, whose blocks are not judged here`);
  }
  if (!("qbft" in config)) {
    // Somebody took QBFT out of a network's file: that must not turn proofs off.
    if (genesis.mixHash === QBFT_MIX_HASH) throw unusable("has QBFT's mixHash and no config.qbft");
    return { mode: "development", chainId };
  }
  return { mode: "sealed", chainId, ...readGenesis(genesis, config) };
}

function readGenesis(genesis: Record<string, unknown>, config: Record<string, unknown>) {
  const registry = (config.qbft as Record<string, unknown> | null)?.validatorcontractaddress;
  if (typeof registry !== "string" || registry.toLowerCase() !== VALIDATOR_REGISTRY.address) {
    throw unusable("does not name ValidatorSet as config.qbft.validatorcontractaddress");
  }
  for (const fork of FORKS) {
    if (config[fork] !== 0) throw unusable(`must have ${fork} 0`);
  }
  try {
    return { anchor: { number: 0, hash: genesisHash(genesis) }, set: genesisValidators(genesis, registry) };
  } catch (error) {
    throw unusable(error instanceof BropError ? error.message : "is not whole");
  }
}

function readCheckpoint(checkpoint: Checkpoint): SealedTrust {
  const { chainId, number, hash, epoch, validators } = checkpoint ?? {};
  if (!Number.isSafeInteger(number) || number < 0) throw unusable("must have the number of a block", "checkpoint");
  if (!Number.isSafeInteger(epoch) || epoch < 0) throw unusable("must have the epoch of the set", "checkpoint");
  if (!isHexBytes(hash, 32)) throw unusable("must have the hash of a block", "checkpoint");
  if (!Array.isArray(validators)) throw unusable("must have the validators", "checkpoint");
  try {
    const set = { epoch, changedBlock: number, validators: validatorsOf(validators.map(String)) };
    return { mode: "sealed", chainId: chainIdOf(chainId), anchor: { number, hash: hash.toLowerCase() }, set };
  } catch (error) {
    throw unusable((error as Error).message, "checkpoint");
  }
}

function chainIdOf(value: unknown): bigint {
  if (typeof value === "bigint" && value > 0n) return value;
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return BigInt(value);
  throw unusable("has no chain id");
}

function unusable(reason: string, field = "trust"): BropError {
  return new BropError("request.invalid", { field, reason });
}

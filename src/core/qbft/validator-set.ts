import { concat, keccak256 } from "ethers";
import { word } from "../hex.ts";
import { invalidProof } from "../proof-error.ts";
import type { ReceiptLog } from "../receipt.ts";

/** A set of validators and the blocks that it seals. */
export interface ValidatorSet {
  /** Counts the changes since genesis. */
  epoch: number;
  /** Block of the change: the set seals the blocks after it. 0 for the set of the genesis file. */
  changedBlock: number;
  /** Addresses, in lower case. */
  validators: readonly string[];
}

/** A change of the set, as a log announces it. */
export interface ValidatorChange {
  epoch: number;
  validators: readonly string[];
}

/** Which contract names the validators, and how its log of a change is read. */
export interface ValidatorRegistry {
  /** In lower case. */
  readonly address: string;
  /** First topic of its change event. */
  readonly topic: string;
  /** @throws BropError `proof.invalid` */
  read(log: ReceiptLog): ValidatorChange;
  /** Where its storage names the set by a hash. */
  readonly summary?: { readonly slot: string; hashOf(set: ValidatorSet): string };
}

/** Besu takes no more, nor does `ValidatorSet`. */
const MOST_VALIDATORS = 64;
const PART = "ValidatorsChanged";
const SET_HASH_WORD = 1;
const OFFSET_WORD = 2;

/**
 * BROP's `ValidatorSet` at its fixed address: `ValidatorsChanged(uint64 indexed epoch, address indexed added, address
 * indexed removed, address seat, bytes32 setHash, address[] validators)`. Its code has no proxy and its storage counts
 * the changes, so nothing else at that address can emit this.
 */
export const VALIDATOR_REGISTRY: ValidatorRegistry = {
  address: "0x000000000000000000000000000000000000b006",
  topic: "0x100e389d5af325b1d447fd3aef3e4deab39266e724267e4ab6d77f0f9796385a",
  read({ topics, data }) {
    const epoch = safeNumber(topics[1], `${PART}.epoch`);
    const words = wordsOf(data);
    if (words[OFFSET_WORD] !== word(96)) throw invalidProof(PART, "has its list at another place");
    const validators = addressesOf(words.slice(OFFSET_WORD + 1));
    if (`0x${words[SET_HASH_WORD]}` !== setHashOf(epoch, validators)) {
      throw invalidProof(`${PART}.setHash`, "is not that of the validators");
    }
    return { epoch, validators };
  },
  summary: {
    slot: `0x${word(1)}`,
    hashOf: ({ epoch, validators }) => setHashOf(epoch, validators),
  },
};

/** The hash in `ValidatorSet`'s slot 1: keccak256(abi.encode(uint64 epoch, address[] validators)). */
export function setHashOf(epoch: number, validators: readonly string[]): string {
  const words = [epoch, 64, validators.length].map(word);
  const list = validators.map((address) => address.slice(2).toLowerCase().padStart(64, "0"));
  return keccak256(concat([...words, ...list].map((digits) => `0x${digits}`)));
}

/**
 * Addresses of a set in lower case.
 * @throws BropError `proof.invalid` for a set that no network has: empty, too large, with a node twice
 */
export function validatorsOf(addresses: readonly string[]): string[] {
  const validators = addresses.map((address) => address.toLowerCase());
  if (validators.length === 0 || validators.length > MOST_VALIDATORS) {
    throw invalidProof("validators", `are ${validators.length}, and there must be 1 to ${MOST_VALIDATORS}`);
  }
  if (new Set(validators).size !== validators.length) throw invalidProof("validators", "have one of them twice");
  for (const address of validators) {
    if (!/^0x[0-9a-f]{40}$/.test(address)) throw invalidProof("validators", "are not all addresses");
  }
  return validators;
}

/** The list of addresses that begins with its length, in ABI words. @throws BropError `proof.invalid` */
export function addressesOf(words: readonly string[]): string[] {
  const [length, ...items] = words;
  if (length === undefined || BigInt(`0x${length}`) !== BigInt(items.length)) {
    throw invalidProof("validators", "are not as many as their number");
  }
  return validatorsOf(
    items.map((item) => {
      if (!item.startsWith("0".repeat(24))) throw invalidProof("validators", "are not all addresses");
      return `0x${item.slice(24)}`;
    }),
  );
}

/** The 32-byte words of ABI-encoded data, 64 digits each. @throws BropError `proof.invalid` */
export function wordsOf(data: string): string[] {
  if (data.length % 64 !== 2) throw invalidProof("log", "has no whole words");
  return data.slice(2).match(/.{64}/g) ?? [];
}

function safeNumber(topic: string | undefined, part: string): number {
  const number = Number(topic);
  if (!Number.isSafeInteger(number)) throw invalidProof(part, "is no number");
  return number;
}

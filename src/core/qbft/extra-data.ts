import { invalidProof } from "../proof-error.ts";
import { bytesOf, decodeRlp, encodeRlp, listOf, numberBytes, numberOf, type RlpItem } from "../rlp.ts";

/** What QBFT writes into a header's `extraData`: `rlp([vanity, [validators], vote, round, [seals]])`. */
export interface QbftExtraData {
  /** 32 bytes of the proposer's own. */
  vanity: Uint8Array;
  /** Empty where a contract names the validators. */
  validators: readonly Uint8Array[];
  /** A validator's vote on another, kept as it is; an empty list for none. */
  vote: RlpItem;
  /** Number of attempts that it took to agree on the block, from 0. */
  round: number;
  /** Signatures of validators: r, s and v, 65 bytes, v 0 or 1. */
  seals: readonly Uint8Array[];
}

const PART = "extraData";
const SEAL_LENGTH = 65;
const MOST_SEALS = 1_024;

/** @throws BropError `proof.invalid` for anything but QBFT's extra data in its one form */
export function decodeExtraData(bytes: Uint8Array): QbftExtraData {
  const [vanity, validators, vote, round, seals] = listOf(decodeRlp(bytes, PART), PART, 5);
  const sealItems = listOf(seals, `${PART}.seals`);
  if (sealItems.length > MOST_SEALS) throw invalidProof(`${PART}.seals`, "are too many");
  return {
    vanity: bytesOf(vanity, `${PART}.vanity`, 32),
    validators: listOf(validators, `${PART}.validators`).map((item) => bytesOf(item, `${PART}.validators`, 20)),
    vote: vote as RlpItem,
    round: numberOf(round, `${PART}.round`),
    seals: sealItems.map((item) => bytesOf(item, `${PART}.seals`, SEAL_LENGTH)),
  };
}

export function encodeExtraData({ vanity, validators, vote, round, seals }: QbftExtraData): Uint8Array {
  return encodeRlp([vanity, [...validators], vote, numberBytes(round), [...seals]]);
}

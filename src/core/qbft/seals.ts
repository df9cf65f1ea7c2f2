import { bytesToHex } from "../hex.ts";
import { invalidProof } from "../proof-error.ts";
import { type QbftHeader, sealDigest } from "./header.ts";
import { recoverAddress } from "./recover-address.ts";

/** Upper half of the curve's order: a signature has one form, with s in the lower half. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** What can be wrong with a header's seals. */
export type SealFault = "malformed" | "too-few" | "too-many" | "stranger" | "duplicate";

/** Who sealed a header; or what is wrong with its seals, as the rest of a sentence. */
export type SealJudgement =
  | { sealers: readonly string[]; fault?: undefined }
  | { fault: SealFault; part: string; words: string };

/** Seals that a block of `validators` needs: ceil(2n/3). */
export function quorumOf(validators: number): number {
  return Math.ceil((2 * validators) / 3);
}

/**
 * The addresses, in lower case, whose keys sealed a header, in the seals' order. About 1 ms a seal.
 * @throws BropError `proof.invalid` for what is no signature in its one form
 */
export function recoverSealers(header: QbftHeader): string[] {
  const digest = sealDigest(header);
  return header.extraData.seals.map((seal) => {
    const sealer = recover(digest, seal);
    if (typeof sealer === "string") return sealer;
    throw invalidProof("seal", sealer.words);
  });
}

/**
 * Judges whether a quorum of validators sealed a header: ceil(2n/3) of them, each once, and nobody else.
 * @param validators addresses of the set that seals this height
 */
export function judgeSeals(header: QbftHeader, validators: readonly string[]): SealJudgement {
  const { seals } = header.extraData;
  const needed = quorumOf(validators.length);
  const wrong = (fault: SealFault, words: string, part = "seals"): SealJudgement => ({ fault, part, words });
  if (validators.length === 0) return wrong("too-few", "can not be judged without validators");
  // Before any of them is recovered: whoever sends thousands shall not keep us busy.
  if (seals.length < needed) return wrong("too-few", `are ${seals.length}, and ${needed} are needed`);
  if (seals.length > validators.length) return wrong("too-many", "are more than there are validators");
  const expected = new Set(validators.map((address) => address.toLowerCase()));
  const digest = sealDigest(header);
  const seen = new Set<string>();
  for (const seal of seals) {
    const sealer = recover(digest, seal);
    if (typeof sealer !== "string") return wrong("malformed", sealer.words, "seal");
    if (!expected.has(sealer)) return wrong("stranger", `name ${sealer}, who is no validator there`);
    if (seen.has(sealer)) return wrong("duplicate", `name ${sealer} twice`);
    seen.add(sealer);
  }
  return { sealers: [...seen] };
}

/**
 * Makes sure that a quorum of validators sealed a header, as `judgeSeals` tells.
 * @throws BropError `proof.invalid`, its part `seals`
 */
export function checkSeals(header: QbftHeader, validators: readonly string[]): void {
  const judgement = judgeSeals(header, validators);
  if (judgement.fault !== undefined) throw invalidProof(judgement.part, judgement.words);
}

/** The address whose key made a seal, or why it is none. */
function recover(digest: Uint8Array, seal: Uint8Array): string | { words: string } {
  const v = seal[64] as number;
  if (v > 1) return { words: "has a recovery number other than 0 and 1" };
  if (BigInt(bytesToHex(seal.subarray(32, 64))) > HALF_ORDER) return { words: "is a signature in its other form" };
  try {
    return recoverAddress(digest, seal.subarray(0, 64), v);
  } catch {
    return { words: "is no signature" };
  }
}

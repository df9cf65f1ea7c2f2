import { computeAddress, Signature, SigningKey } from "ethers";
import { bytesToHex } from "../hex.ts";
import { invalidProof } from "../proof-error.ts";
import { type QbftHeader, sealDigest } from "./header.ts";

/** Upper half of the curve's order: a signature has one form, with s in the lower half. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** Seals that a block of `validators` needs: ceil(2n/3). */
export function quorumOf(validators: number): number {
  return Math.ceil((2 * validators) / 3);
}

/**
 * The addresses, in lower case, whose keys sealed a header, in the seals' order. About 2 ms a seal.
 * @throws BropError `proof.invalid` for what is no signature in its one form
 */
export function recoverSealers(header: QbftHeader): string[] {
  const digest = bytesToHex(sealDigest(header));
  return header.extraData.seals.map((seal) => {
    const r = bytesToHex(seal.subarray(0, 32));
    const s = bytesToHex(seal.subarray(32, 64));
    const v = seal[64] as number;
    if (v > 1) throw invalidProof("seal", "has a recovery number other than 0 and 1");
    if (BigInt(s) > HALF_ORDER) throw invalidProof("seal", "is a signature in its other form");
    try {
      const signature = Signature.from({ r, s, v: 27 + v });
      return computeAddress(SigningKey.recoverPublicKey(digest, signature)).toLowerCase();
    } catch {
      throw invalidProof("seal", "is no signature");
    }
  });
}

/**
 * Makes sure that a quorum of validators sealed a header: ceil(2n/3) of them, each once, and nobody else.
 * @param validators addresses of the set that seals this height
 * @throws BropError `proof.invalid`, its part `seals`
 */
export function checkSeals(header: QbftHeader, validators: readonly string[]): void {
  const needed = quorumOf(validators.length);
  const { length } = header.extraData.seals;
  if (validators.length === 0) throw invalidProof("seals", "can not be judged without validators");
  // Before any of them is recovered: whoever sends thousands shall not keep us busy.
  if (length < needed) throw invalidProof("seals", `are ${length}, and ${needed} are needed`);
  if (length > validators.length) throw invalidProof("seals", "are more than there are validators");
  const expected = new Set(validators.map((address) => address.toLowerCase()));
  const seen = new Set<string>();
  for (const sealer of recoverSealers(header)) {
    if (!expected.has(sealer)) throw invalidProof("seals", `name ${sealer}, who is no validator there`);
    if (seen.has(sealer)) throw invalidProof("seals", `name ${sealer} twice`);
    seen.add(sealer);
  }
}

import { decodeBase64 } from "../base64.ts";
import { BropError } from "../errors.ts";
import { hexToBytes } from "../hex.ts";
import { sameBytes } from "../rlp.ts";
import { digestWith } from "../timestamp/algorithms.ts";
import { readSignedToken } from "../timestamp/signed-data.ts";
import type { TokenInfo } from "../timestamp/token-info.ts";
import { inspectToken, type TokenExpectation, type VerifiedToken, verifyToken } from "../timestamp/verify-token.ts";
import type { TimestampPart } from "./bundle.ts";
import type { Shown } from "./claim-statements.ts";
import { BundleFault, under } from "./reasons.ts";
import { blockAt, logAt } from "./shown-blocks.ts";

/** What tokens are judged by. */
export interface TimestampTrust {
  /** Trusted certificates (DER). */
  authorities?: readonly Uint8Array[] | undefined;
  /** Latest time that a token may state; by default now. */
  now?: Date | undefined;
}

/**
 * What an outside authority says of the time at which the claim's data, or a block, were there.
 * @throws BundleFault `timestamp.*`, `block.absent`
 */
export async function timestampFacts(
  all: Shown,
  part: TimestampPart,
  { authorities = [], now = new Date() }: TimestampTrust,
): Promise<Record<string, unknown>> {
  const { stamped, since } = stampedBy(all, part);
  const token = decodeBase64(part.token);
  const info = under("timestamp.token", () => inspectToken(token));
  const { algorithm, digest } = info.imprint;
  if (!(await isImprintOf(info, stamped))) throw new BundleFault("timestamp.other");
  if (since !== undefined && info.time.getTime() + (info.accuracy ?? 0) < since * 1_000) {
    throw new BundleFault("timestamp.early", info.time.toISOString());
  }
  const expected = { digest, algorithm, certificates: part.certificates.map(decodeBase64), at: now };
  const verified = await verify(token, { ...expected, authorities });
  return {
    stamps: part.stamps,
    time: verified.time.toISOString(),
    accuracy: verified.accuracy ?? null,
    serial: verified.serial.toString(),
    policy: verified.policy,
    authority: verified.authority.name,
    certificateDigest: verified.authority.certificateDigest,
  };
}

/** The 32 bytes that the token is about, and the block's time where it is one. */
function stampedBy({ bundle: { claim }, blocks }: Shown, { stamps }: TimestampPart) {
  if (stamps !== "claim") {
    const { hash, timestamp } = blockAt(blocks, stamps.block);
    return { stamped: hexToBytes(hash), since: timestamp };
  }
  if (claim.kind === "record") return { stamped: hexToBytes(claim.record.digest) };
  if (claim.kind === "batch-record") return { stamped: hexToBytes(logAt(blocks, claim.at).topics[3] as string) };
  throw new BundleFault("timestamp.claim");
}

/** A token stamps a digest by giving it, or by the digest of its 32 bytes. Either way it was there. */
async function isImprintOf({ imprint: { algorithm, digest } }: TokenInfo, stamped: Uint8Array): Promise<boolean> {
  return sameBytes(digest, stamped) || sameBytes(digest, await digestWith(algorithm, stamped));
}

/** A sound token of somebody who is not trusted is no forgery: the two are told apart. */
async function verify(token: Uint8Array, expected: TokenExpectation): Promise<VerifiedToken> {
  const attempt = async (authorities: readonly Uint8Array[]) => {
    try {
      return await verifyToken(token, { ...expected, authorities });
    } catch (error) {
      if (error instanceof BropError) return error;
      throw error;
    }
  };
  const verified = expected.authorities.length === 0 ? undefined : await attempt(expected.authorities);
  if (verified !== undefined && !(verified instanceof BropError)) return verified;
  const own = readSignedToken(token).certificates.map(({ bytes }) => bytes);
  const alone = await attempt([...own, ...(expected.certificates ?? [])]);
  if (alone instanceof BropError) throw new BundleFault("timestamp.token", alone.message);
  throw new BundleFault("timestamp.authority", alone.authority.name);
}

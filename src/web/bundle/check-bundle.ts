import type { Claim } from "../../core/bundle/bundle.ts";
import { readBundle } from "../../core/bundle/read-bundle.ts";
import type { Verdict } from "../../core/bundle/verdict.ts";
import { verifyBundleText } from "../../core/bundle/verify-bundle.ts";
import { readTrust, type Trust, type TrustDescription } from "../../core/qbft/trust.ts";
import { siteTrust } from "./site-trust.ts";

/** Where trust begins, and who says so. */
export interface TrustStart {
  readonly trust: Trust | undefined;
  /** A file of the visitor's own, or this site. */
  readonly file: string | undefined;
}

export interface CheckedBundle {
  readonly verdict: Verdict;
  /** Undefined where the file is no bundle at all. */
  readonly claim: Claim | undefined;
  readonly start: TrustStart;
}

/** A genesis file or checkpoint that the visitor gave. */
export interface TrustFile {
  /** Tells files of the same name apart. */
  readonly id: number;
  readonly name: string;
  readonly description: unknown;
}

/**
 * Verifies a bundle on this device. Asks nobody: what this site says of the network's beginning was asked before, and is
 * not needed where the visitor gave a start of his own.
 * @throws BropError `request.invalid` for a start that is none
 */
export async function checkBundle(
  bytes: Uint8Array,
  given: TrustFile | undefined,
  digest: string | undefined,
): Promise<CheckedBundle> {
  const start = given === undefined ? await startOfSite() : ownStart(given);
  const verdict = await verifyBundleText(bytes, start.trust, digest === undefined ? {} : { digest });
  return { verdict, claim: claimOf(bytes), start };
}

/** @throws BropError `request.invalid` */
export function ownStart({ name, description }: TrustFile): TrustStart {
  return { trust: readTrust(description as TrustDescription), file: name };
}

/** Nothing is trusted where the site can not be asked. */
async function startOfSite(): Promise<TrustStart> {
  return { trust: await siteTrust().catch(() => undefined), file: undefined };
}

function claimOf(bytes: Uint8Array): Claim | undefined {
  try {
    return readBundle(bytes).claim;
  } catch {
    return undefined;
  }
}

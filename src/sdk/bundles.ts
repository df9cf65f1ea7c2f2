import { isBatchRecordId } from "../core/batch/identifiers.ts";
import type { Bundle } from "../core/bundle/bundle.ts";
import { readBundle } from "../core/bundle/read-bundle.ts";
import { type ApiAccess, askAgain, askApi } from "./requests.ts";

/** What a bundle is to show besides (docs/proof-bundles.md). */
export interface BundleOptions {
  /** By the newest state, whether the record stands. */
  state?: boolean;
  /** What this account said of the owner as of the record's block. */
  certifier?: string;
  /** With `certifier`: whether this partner recognised it then. */
  recognisedBy?: string;
  /** Time-stamp tokens that the platform keeps; true by default. */
  timestamps?: boolean;
}

/**
 * Has the platform make a proof bundle. Nothing in it is the platform's word: `verifyBundle` judges it.
 *
 * @param id of a record (`0x…`), or of a record of a batch (`portion_….N`)
 * @throws BropError `resource.not-found`; `batch.not-anchored`; `proof.unavailable`
 * @throws BundleFault for an answer that is no bundle
 */
export async function fetchBundle(access: ApiAccess, id: string, options: BundleOptions = {}): Promise<Bundle> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const kind = isBatchRecordId(id) ? "batch-records" : "records";
  const path = `/v1/${kind}/${encodeURIComponent(id)}/bundle?${query}`;
  return readBundle(
    await askAgain(async () => new Uint8Array(await (await askApi(access, "GET", path)).arrayBuffer())),
  );
}

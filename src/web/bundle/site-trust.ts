import { readTrust, type Trust } from "../../core/qbft/trust.ts";
import { seals, status, validators } from "../api/queries.ts";

let known: Promise<Trust | undefined> | undefined;

/**
 * Where trust begins as this site says: block 0 and its bookkeepers. Asked once a visit, so that bundles can be checked
 * after the network is gone. Undefined where the site does not know.
 * @throws BropError as the query interface answers
 */
export function siteTrust(): Promise<Trust | undefined> {
  if (known) return known;
  const asked = ask();
  known = asked;
  asked.catch(() => {
    if (known === asked) known = undefined;
  });
  return asked;
}

async function ask(): Promise<Trust | undefined> {
  const { chainId, genesisHash, indexedHead } = await status();
  const [{ items }, sealed] = await Promise.all([validators(0), seals(Math.max(indexedHead, 0))]);
  if (sealed.state === "unsealed" && indexedHead > 0) return readTrust({ config: { chainId } });
  if (items.length === 0) return undefined;
  const first = items.map(({ validator }) => validator);
  return readTrust({ checkpoint: { chainId, number: 0, hash: genesisHash, epoch: 0, validators: first } });
}

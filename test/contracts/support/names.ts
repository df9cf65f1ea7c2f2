import { digestOf } from "./actors.ts";
import { blockNumber } from "./chain.ts";
import type { BundleResult } from "./operations.ts";
import type { Participant, Town } from "./participants.ts";
import { personalSignature } from "./personal-signature.ts";

export const NAME_KIND = { none: 0, certified: 1, custom: 2 } as const;

/** What `AccountNames.setName` takes. */
export interface NameInput {
  name: string;
  lookSkeleton: string;
  letterSkeleton: string;
  kind: number;
}

/** A name whose two skeletons are what the test says they are. */
export function nameOf(name: string, changes: Partial<NameInput> = {}): NameInput {
  const skeleton = digestOf(name);
  return { name, lookSkeleton: skeleton, letterSkeleton: skeleton, kind: NAME_KIND.custom, ...changes };
}

/** The account's consent to a name that a certifier is to set. */
export async function consentOf(
  { accountNames }: Town,
  account: Participant,
  input: NameInput,
  certifier: string,
  lastBlock: number,
): Promise<string> {
  const digest = await accountNames.consentDigest(account.address, input, certifier, lastBlock);
  return personalSignature(account.address, digest, account.wallet);
}

/** Lets a certifier set a name with the account's consent. */
export async function setName(
  p: Town,
  certifier: Participant,
  account: Participant,
  input: NameInput,
): Promise<BundleResult> {
  const lastBlock = (await blockNumber()) + 10;
  const consent = await consentOf(p, account, input, certifier.address, lastBlock);
  return certifier.call(p.accountNames, "setName", [account.address, input, lastBlock, consent]);
}

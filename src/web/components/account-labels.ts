import { BropError } from "../../core/errors.ts";
import { account } from "../api/queries.ts";

/** How an account that is no partner is named to people. */
export interface AccountLabel {
  readonly accountId: string;
  /** Who certified it at its strongest live level; undefined: nobody. */
  readonly certifier: string | undefined;
}

// Asked once a visit: a page names the same few accounts again and again.
const labels = new Map<string, Promise<AccountLabel | null>>();

/**
 * The label of an account; null for an address that is no account (a key of the operator, for example).
 * @throws BropError as the query interface answers
 */
export function loadAccountLabel(address: string): Promise<AccountLabel | null> {
  const key = address.toLowerCase();
  const known = labels.get(key);
  if (known) return known;
  const label = askForLabel(address);
  labels.set(key, label);
  label.catch(() => labels.delete(key));
  return label;
}

async function askForLabel(address: string): Promise<AccountLabel | null> {
  try {
    const { accountId, level, certifications } = await account(address);
    const strongest = certifications.find((one) => one.status === "active" && one.level === level);
    return { accountId, certifier: strongest?.certifier };
  } catch (error) {
    if (error instanceof BropError && error.code === "resource.not-found") return null;
    throw error;
  }
}

import { setPairHasher } from "./sha256-pairs.ts";

/**
 * Lets this process hash Merkle trees with the processor's own SHA-256, many times as fast. Where the native package
 * was not installed, everything goes on as before.
 * @returns whether it is in use
 */
export async function installNativePairHasher(): Promise<boolean> {
  try {
    const { hashInto } = await import("@chainsafe/hashtree");
    setPairHasher((pairs, target) => {
      if (pairs.length > 0) hashInto(pairs, target);
    });
    return true;
  } catch {
    return false;
  }
}

import { setRecoverKey } from "../core/qbft/recover-address.ts";

let ready: Promise<void> | undefined;

/**
 * Lets this process recover signers with Bitcoin Core's libsecp256k1 in WebAssembly, several times as fast. Pages can not:
 * their policy forbids it.
 */
export function installFastRecovery(): Promise<void> {
  ready ??= import("tiny-secp256k1").then(({ recover }) => {
    setRecoverKey((digest, signature, recovery) => {
      const key = recover(digest, signature, recovery as 0 | 1, false);
      if (key === null) throw new Error("no signature");
      return key;
    });
  });
  return ready;
}

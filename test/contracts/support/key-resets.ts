import { signerAt } from "./chain.ts";
import { accountAt, deployed, listed, type Platform } from "./platform.ts";

/** An account's contract, called as KeyResets calls it. */
export async function asKeyResets(p: Platform, account: string) {
  const address = await deployed(p.operator, "testing/Probe", []);
  await listed(p, "KeyResets", address);
  return accountAt(account).connect(await signerAt(address));
}

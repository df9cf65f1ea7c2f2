import { id, Wallet } from "ethers";

/** A key of a test's own, the same in every run. */
export function walletOf(name: string): Wallet {
  return new Wallet(id(`brop test ${name}`));
}

/** A digest that a test only needs to tell from others. */
export function digestOf(name: string): string {
  return id(name);
}

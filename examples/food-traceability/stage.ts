import { NonceManager, type Signer, type Wallet } from "ethers";
import { KeyStore } from "../../src/chain/key-store.node.ts";
import { type Brop, BropError, patiently } from "../../src/sdk/index.ts";
import type { Progress } from "./progress.ts";

/** What every act of the story needs. */
export interface Stage {
  brop: Brop;
  keys: KeyStore;
  /** The operator's key, which is the first admission party's too. */
  operator: Signer;
  progress: Progress;
}

/** @throws BropError `key.not-found` when the folder is not the platform's */
export async function setStage(brop: Brop, keysFolder: string, progress: Progress): Promise<Stage> {
  const keys = new KeyStore(keysFolder);
  const operator = (await operatorKey(keys)).connect(brop.provider);
  // Several acts of the operator may be under way at once: its transactions have an order, which is kept here.
  return { brop, keys, operator: new NonceManager(operator), progress };
}

async function operatorKey(keys: KeyStore): Promise<Wallet> {
  try {
    return await keys.wallet("operator");
  } catch (error) {
    if (!(error instanceof BropError) || error.code !== "key.not-found") throw error;
    const words = `There is no operator's key in ${keys.directory}: name the platform's folder of keys with --keys`;
    throw new BropError("key.not-found", { name: "operator", directory: keys.directory }, words);
  }
}

/** The key of that name; a new one when there is none. */
export async function keyNamed(keys: KeyStore, name: string): Promise<Wallet> {
  try {
    return await keys.wallet(name);
  } catch (error) {
    if (!(error instanceof BropError) || error.code !== "key.not-found") throw error;
    await keys.create(name);
    return keys.wallet(name);
  }
}

/** A step of somebody's that costs quota points. */
export function paidStep<Result>({ brop, progress }: Stage, title: string, work: () => Promise<Result>) {
  const onWait = (block: number) => progress.note(`Waits for quota points, there at block ${block}: ${title}`);
  return progress.step(title, () => patiently(brop, work, onWait));
}

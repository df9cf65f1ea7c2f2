import { KeyStore } from "../chain/key-store.node.ts";
import { LocalSigner } from "../chain/signing/local-signer.ts";
import { openKey } from "../chain/signing/open-key.ts";
import type { TransactionSigner } from "../chain/signing/transaction-signer.ts";
import { type Config, SETTINGS } from "../config.ts";
import { BropError } from "../core/errors.ts";
import { OPERATOR, RELAY } from "./development-keys.ts";

/**
 * The operator's key as the settings name it, else the key `operator` of the folder.
 *
 * @param directory folder of keys
 * @throws BropError `key.not-found`, `key.wrong-password`, `key.insecure`, `configuration.invalid`, `file.not-found`
 */
export function operatorSigner(config: Config, directory: string): Promise<TransactionSigner> {
  const { operatorKey } = config;
  return operatorKey === undefined
    ? storedKey(config, directory, OPERATOR, SETTINGS.operatorKey.environment)
    : openKey(operatorKey, config, SETTINGS.operatorKey.environment);
}

/** The seat's key with which the operator API proposes to Council; undefined where there is none. Throws alike. */
export async function seatSigner(config: Config): Promise<TransactionSigner | undefined> {
  const { seatKey } = config;
  return seatKey === undefined ? undefined : openKey(seatKey, config, SETTINGS.seatKey.environment);
}

/** The keys of this access node's relays as the settings name them, else the key `relay-1` of the folder. Throws alike. */
export async function relaySigners(config: Config, directory: string): Promise<TransactionSigner[]> {
  const { relayKeys } = config;
  const name = SETTINGS.relayKeys.environment;
  if (relayKeys === undefined) return [await storedKey(config, directory, RELAY, name)];
  return Promise.all(relayKeys.map((key) => openKey(key, config, name)));
}

/** The keys with which anchors of batches are signed for their accounts, as the settings name them; none by default. Throws alike. */
export async function anchorSigners(config: Config): Promise<TransactionSigner[]> {
  const { anchorKeys = [] } = config;
  return Promise.all(anchorKeys.map((key) => openKey(key, config, SETTINGS.anchorKeys.environment)));
}

async function storedKey(
  { keyPassword }: Config,
  directory: string,
  name: string,
  variable: string,
): Promise<TransactionSigner> {
  try {
    const password = keyPassword === undefined ? {} : { password: keyPassword };
    return new LocalSigner((await new KeyStore(directory).wallet(name, password)).privateKey);
  } catch (error) {
    if (!(error instanceof BropError) || error.code !== "key.not-found") throw error;
    const words = `A key to sign with is missing: set ${variable}, or put a key named ${name} into ${directory}`;
    throw new BropError("key.not-found", { name, directory }, words);
  }
}

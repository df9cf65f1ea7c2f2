import { readFile } from "node:fs/promises";
import { KeyStore } from "../chain/key-store.node.ts";
import { LocalSigner } from "../chain/signing/local-signer.ts";
import { SigningService } from "../chain/signing/signing-service.ts";
import type { TransactionSigner } from "../chain/signing/transaction-signer.ts";
import { Web3Signer } from "../chain/signing/web3-signer.ts";
import { type Config, type KeySource, SETTINGS } from "../config.ts";
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
    : openKey(config, operatorKey, SETTINGS.operatorKey.environment);
}

/** The seat's key with which the operator API proposes to Council; undefined where there is none. Throws alike. */
export async function seatSigner(config: Config): Promise<TransactionSigner | undefined> {
  const { seatKey } = config;
  return seatKey === undefined ? undefined : openKey(config, seatKey, SETTINGS.seatKey.environment);
}

/** The keys of this access node's relays as the settings name them, else the key `relay-1` of the folder. Throws alike. */
export async function relaySigners(config: Config, directory: string): Promise<TransactionSigner[]> {
  const { relayKeys } = config;
  const name = SETTINGS.relayKeys.environment;
  if (relayKeys === undefined) return [await storedKey(config, directory, RELAY, name)];
  return Promise.all(relayKeys.map((key) => openKey(config, key, name)));
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

async function openKey(config: Config, source: KeySource, variable: string): Promise<TransactionSigner> {
  if ("privateKey" in source) return new LocalSigner(source.privateKey);
  return new Web3Signer(await openService(config, variable), source.atSigner);
}

async function openService(config: Config, variable: string): Promise<SigningService> {
  const { signerUrl, signerTimeout, signerCertificate, signerKey, signerAuthority } = config;
  if (signerUrl === undefined) {
    const reason = `it names a key at Web3Signer: set ${SETTINGS.signerUrl.environment} too`;
    throw new BropError("configuration.invalid", { setting: variable, reason });
  }
  if ((signerCertificate === undefined) !== (signerKey === undefined)) {
    const { signerCertificate: certificate, signerKey: key } = SETTINGS;
    const reason = "a client certificate and its private key go together";
    throw new BropError("configuration.invalid", { setting: `${certificate.environment}, ${key.environment}`, reason });
  }
  const [certificate, key, authority] = await Promise.all([signerCertificate, signerKey, signerAuthority].map(pem));
  const client = certificate === undefined || key === undefined ? undefined : { certificate, key };
  return new SigningService({ url: signerUrl, timeout: signerTimeout * 1_000, client, authority });
}

async function pem(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw BropError.from(error);
  }
}

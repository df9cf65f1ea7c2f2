import { readFile } from "node:fs/promises";
import { BropError } from "../../core/errors.ts";
import type { KeySource } from "../../core/key-source.ts";
import { LocalSigner } from "./local-signer.ts";
import { SigningService } from "./signing-service.ts";
import { TokenSigner } from "./token/token-signer.ts";
import type { TransactionSigner } from "./transaction-signer.ts";
import { Web3Signer } from "./web3-signer.ts";

/** How Web3Signer is reached; part of the settings (`src/config.ts`), files by their paths. */
export interface SignerSettings {
  signerUrl: string | undefined;
  /** Seconds. */
  signerTimeout: number;
  signerCertificate: string | undefined;
  signerKey: string | undefined;
  signerAuthority: string | undefined;
}

/**
 * Opens a key, wherever it is kept.
 * @param setting name of the setting or option that names the key, for what is said when it does not fit
 * @throws BropError `configuration.invalid`, `file.not-found`; for a token as `TokenSigner.open`
 */
export async function openKey(
  source: KeySource,
  settings: SignerSettings,
  setting: string,
): Promise<TransactionSigner> {
  if ("privateKey" in source) return new LocalSigner(source.privateKey);
  if ("inToken" in source) return TokenSigner.open(source.inToken);
  return new Web3Signer(await openService(settings, setting), source.atSigner);
}

async function openService(settings: SignerSettings, setting: string): Promise<SigningService> {
  const { signerUrl, signerTimeout, signerCertificate, signerKey, signerAuthority } = settings;
  if (signerUrl === undefined) {
    const reason = "it names a key at Web3Signer: set BROP_WEB3SIGNER too";
    throw new BropError("configuration.invalid", { setting, reason });
  }
  if ((signerCertificate === undefined) !== (signerKey === undefined)) {
    const reason = "a client certificate and its private key go together";
    const both = "BROP_WEB3SIGNER_CERTIFICATE, BROP_WEB3SIGNER_CERTIFICATE_KEY";
    throw new BropError("configuration.invalid", { setting: both, reason });
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

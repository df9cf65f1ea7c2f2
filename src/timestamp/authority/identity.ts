import { createPrivateKey, createPublicKey, type KeyObject, sign as signWith, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { BropError } from "../../core/errors.ts";
import { PKCS11_SCHEME } from "../../core/pkcs11-uri.ts";
import { readCertificate } from "../../core/timestamp/certificate.ts";
import { requireTimeStamping } from "../../core/timestamp/signer.ts";
import { signatureKindOf } from "./issue-certificate.ts";
import { tokenKeySigner } from "./token-key-signer.ts";
import type { TokenSigner } from "./token-writer.ts";

/** Who an authority is: its certificate, those above it, and its key. */
export interface Identity {
  /** DER; its own first. */
  certificates: Uint8Array[];
  signer: TokenSigner;
}

export interface IdentityFiles {
  /** Certificates in PEM, the authority's own first. */
  certificate: string;
  /** Private key in PEM, readable by its owner only; or the address of a key in a PKCS#11 token (RFC 7512). */
  key: string;
}

/**
 * Opens an authority's key and certificate, and checks that they belong together and are for time stamping.
 *
 * @throws BropError `file.not-found`, `file.unreadable`, `key.insecure` for a key that others can read,
 * `configuration.invalid` saying what does not fit; for a key in a token as `tokenKeySigner`
 */
export async function openIdentity({ certificate, key }: IdentityFiles): Promise<Identity> {
  const certificates = await readCertificates(certificate);
  const publicKey = checkCertificate(certificates[0] as Uint8Array, certificate);
  if (key.startsWith(PKCS11_SCHEME)) return { certificates, signer: await tokenKeySigner(key, publicKey) };
  const privateKey = await readKey(key);
  const own = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  if (!own.equals(publicKey.export({ type: "spki", format: "der" }))) {
    throw invalid(key, "is not the key of the certificate");
  }
  return { certificates, signer: keySigner(privateKey) };
}

/** Certificates of a file in PEM, as DER. Throws as `openIdentity`. */
export async function readCertificates(file: string): Promise<Uint8Array[]> {
  const blocks = (await read(file)).match(PEM_CERTIFICATE) ?? [];
  try {
    const certificates = blocks.map((block) => new Uint8Array(new X509Certificate(block).raw));
    for (const each of certificates) readCertificate(each);
    if (certificates.length > 0) return certificates;
  } catch (error) {
    throw invalid(file, `holds a certificate that can not be read: ${(error as Error).message}`);
  }
  throw invalid(file, "holds no certificate in PEM");
}

/** Signs with a key in memory. */
export function keySigner(key: KeyObject): TokenSigner {
  const kind = signatureKindOf(key);
  return { kind, sign: (bytes) => signWith(kind.digest, bytes, key) };
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function checkCertificate(certificate: Uint8Array, file: string): KeyObject {
  try {
    const read = readCertificate(certificate);
    requireTimeStamping(read);
    const publicKey = createPublicKey({ key: Buffer.from(read.publicKey.bytes), format: "der", type: "spki" });
    signatureKindOf(publicKey);
    return publicKey;
  } catch (error) {
    throw invalid(file, `can not be an authority's: ${(error as Error).message}`);
  }
}

async function readKey(file: string): Promise<KeyObject> {
  const pem = await read(file);
  const { mode } = await stat(file);
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new BropError(
      "key.insecure",
      { path: file },
      `Others can read the key ${file}: make it readable by its owner only`,
    );
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw invalid(file, "holds no private key in PEM without a password");
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw BropError.from(error);
  }
}

function invalid(file: string, reason: string): BropError {
  return new BropError("configuration.invalid", { path: file, reason }, `The file ${file} ${reason}`);
}

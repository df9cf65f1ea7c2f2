import { createHash, type KeyObject, randomBytes, verify } from "node:crypto";
import { runTokenTool } from "../../chain/signing/token/pkcs11-tool.ts";
import { listTokenKeys } from "../../chain/signing/token/token-key.ts";
import { BropError } from "../../core/errors.ts";
import { readPkcs11Uri, type TokenKeyName } from "../../core/pkcs11-uri.ts";
import { signatureKindOf } from "./issue-certificate.ts";
import type { TokenSigner } from "./token-writer.ts";

const SETTING = "BROP_TSA_KEY";

/**
 * Signs with a key that does not leave its PKCS#11 token: RSA, or on P-256 or P-384.
 *
 * @param address RFC 7512
 * @param publicKey of the certificate
 * @throws BropError `configuration.invalid` for an address that is none, or a key that is not the certificate's;
 * `key.not-found`; as `runTokenTool`
 */
export async function tokenKeySigner(address: string, publicKey: KeyObject): Promise<TokenSigner> {
  const name = readName(address);
  const kind = signatureKindOf(publicKey);
  const id = await findKey(name);
  const isRsa = publicKey.asymmetricKeyType === "rsa";
  const how = isRsa ? ["SHA256-RSA-PKCS"] : ["ECDSA", "--signature-format", "openssl"];
  // One after the other: SoftHSM does not find its tokens when many processes look for them at once.
  let before: Promise<unknown> = Promise.resolve();
  const signer = {
    kind,
    sign(bytes: Uint8Array) {
      // The mechanism for elliptic curves signs a digest.
      const input = isRsa ? bytes : createHash(kind.digest).update(bytes).digest();
      const args = ["--sign", "--id", id, "--mechanism", ...how];
      const signature = before.then(() => runTokenTool(name, args, { login: true, input, output: true }));
      before = signature.catch(() => undefined);
      return signature;
    },
  };
  await requireKeyOf(signer, publicKey);
  return signer;
}

function readName(address: string): TokenKeyName {
  try {
    return readPkcs11Uri(address);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

/** The key's identifier in the token, by which the tool finds its private part. */
async function findKey(name: TokenKeyName): Promise<string> {
  const found = (await listTokenKeys(name)).filter(({ label }) => label === name.label);
  const [{ id } = { id: "" }] = found;
  if (found.length === 0) throw new BropError("key.not-found", { name: name.label });
  if (found.length === 1 && id !== "") return id;
  throw invalid("the token's key with this label is not the only one, or has no identifier");
}

interface AskedSigner extends TokenSigner {
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Reading the key's public part is more than every tool can do: it is told by a signature. */
async function requireKeyOf(signer: AskedSigner, publicKey: KeyObject): Promise<void> {
  const probe = randomBytes(32);
  const signature = await signer.sign(probe).catch((error: unknown) => {
    // A key of another kind can not sign in this way at all.
    if (error instanceof BropError && error.code === "signer.token-failed") return undefined;
    throw error;
  });
  if (signature !== undefined && verify(signer.kind.digest, probe, publicKey, signature)) return;
  throw invalid("the token's key with this label is not that of the certificate");
}

function invalid(reason: string): BropError {
  return new BropError("configuration.invalid", { setting: SETTING, reason });
}

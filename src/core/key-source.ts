import { PKCS11_SCHEME, readPkcs11Uri, type TokenKeyName } from "./pkcs11-uri.ts";

/** A key as a setting names it: itself, by its address or public key at Web3Signer, or by its place in a PKCS#11 token. */
export type KeySource =
  | { readonly privateKey: string }
  | { readonly atSigner: string }
  | { readonly inToken: TokenKeyName };

/** @throws Error with words about what is wrong, which do not repeat the text: it may be a private key */
export function readKeySource(text: string): KeySource {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return { privateKey: text };
  if (isAtSigner(text)) return { atSigner: text };
  if (text.startsWith(PKCS11_SCHEME)) return { inToken: readPkcs11Uri(text) };
  throw new Error(
    "must be 0x and 64 hexadecimal digits of a private key, or 40 of an address, or 128 of a public key, or a pkcs11: address",
  );
}

/** Whether a text names a key that is kept elsewhere, so that it can be typed and shown. */
export function isRemoteKey(text: string): boolean {
  return isAtSigner(text) || text.startsWith(PKCS11_SCHEME);
}

const isAtSigner = (text: string) => /^0x(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{128})$/.test(text);

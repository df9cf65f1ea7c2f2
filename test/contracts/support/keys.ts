import { createECDH, createHash, sign as cryptoSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { AbiCoder, concat, getBytes, keccak256, toBeHex, toBigInt, type Wallet } from "ethers";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { type Call, encodeExecute } from "../../../src/core/execution.ts";
import { type UserOperation, userOperationHash } from "../../../src/core/user-operation.ts";
import { CHAIN_ID } from "./chain.ts";
import { type BundleResult, draft, handleOps } from "./operations.ts";
import { personalSignature } from "./personal-signature.ts";
import type { Platform } from "./platform.ts";

const coder = AbiCoder.defaultAbiCoder();
/** Order of the group of P-256 (FIPS 186-5). */
export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** An ERC-7913 signer and what signs a hash for it. */
export interface Key {
  signer: string;
  sign(hash: string): string;
}

/** A secp256k1 key, as ordinary accounts of Ethereum have. */
export function addressKey(wallet: Wallet): Key {
  return { signer: wallet.address.toLowerCase(), sign: (hash) => wallet.signingKey.sign(hash).serialized };
}

/** An account of the platform as signer (ERC-1271). */
export function accountKey(address: string, wallet: Wallet): Key {
  return { signer: address.toLowerCase(), sign: (hash) => personalSignature(address, hash, wallet) };
}

/** A P-256 key, as secure elements have. */
export function p256Key({ addresses }: Platform): Key {
  const ecdh = createECDH("prime256v1");
  ecdh.generateKeys();
  const secret = bigint(ecdh.getPrivateKey());
  return {
    signer: keyed(addresses.P256Verifier, ecdh.getPublicKey().subarray(1)),
    sign: (hash) => rawP256(secret, hash),
  };
}

/** What a WebAuthn assertion may have different. */
export interface AssertionOptions {
  type?: string;
  /** Bits of the authenticator's data: 1 user present, 4 user verified, 8 may be backed up, 16 is backed up. */
  flags?: number;
  /** What is signed instead of the hash. */
  challenge?: string;
}

/** A passkey: its signatures are WebAuthn assertions whose challenge is the hash. */
export function passkey({ addresses }: Platform): Key & { assert(hash: string, options: AssertionOptions): string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  const assert = (hash: string, options: AssertionOptions) => assertion(privateKey, hash, options);
  return { signer: keyed(addresses.WebAuthnVerifier, point), sign: (hash) => assert(hash, {}), assert };
}

/** The key of an RSA certificate. */
export function rsaKey({ addresses }: Platform, modulusLength = 2048): Key {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength });
  const { e = "", n = "" } = publicKey.export({ format: "jwk" });
  const key = coder.encode(["bytes", "bytes"], [Buffer.from(e, "base64url"), Buffer.from(n, "base64url")]);
  return {
    signer: keyed(addresses.RsaVerifier, getBytes(key)),
    sign: (hash) => `0x${cryptoSign("sha256", getBytes(hash), privateKey).toString("hex")}`,
  };
}

/** Signer of an account that several keys sign for together. */
export function weightedSigner({ addresses }: Platform, threshold: number, members: readonly [Key, number][]): string {
  const signers = members.map(([key]) => key.signer);
  const weights = members.map(([, weight]) => weight);
  const key = coder.encode(["uint64", "bytes[]", "uint64[]"], [threshold, signers, weights]);
  return keyed(addresses.WeightedSigners, getBytes(key));
}

/** Signature of several keys, in the order that WeightedSigners takes. */
export function weightedSignature(hash: string, keys: readonly Key[]): string {
  const sorted = [...keys].sort((a, b) => (keccak256(a.signer) < keccak256(b.signer) ? -1 : 1));
  return encodeSignatures(
    sorted.map(({ signer }) => signer),
    sorted.map((key) => key.sign(hash)),
  );
}

export function encodeSignatures(signers: readonly string[], signatures: readonly string[]): string {
  return coder.encode(["bytes[]", "bytes[]"], [signers, signatures]);
}

/** Sends an operation that is signed by a function of its hash. */
export async function operateWith(
  account: string,
  calls: readonly Call[],
  sign: (hash: string) => string,
  changes: Partial<UserOperation> = {},
): Promise<BundleResult> {
  const operation = await draft(account, encodeExecute(calls), changes);
  const hash = userOperationHash(operation, SYSTEM_ADDRESSES.EntryPoint, CHAIN_ID);
  return handleOps([{ ...operation, signature: sign(hash) }]);
}

const keyed = (verifier: string | undefined, key: Uint8Array) => concat([verifier ?? "", key]);
const bigint = (bytes: Uint8Array) => toBigInt(bytes);
const lowS = (s: bigint) => (s > P256_ORDER / 2n ? P256_ORDER - s : s);

/** ECDSA over a ready hash. Node hashes by itself whatever it signs, but gives the point of a nonce. */
function rawP256(secret: bigint, hash: string): string {
  const nonce = createECDH("prime256v1");
  nonce.generateKeys();
  const k = bigint(nonce.getPrivateKey());
  const r = bigint(nonce.getPublicKey().subarray(1, 33)) % P256_ORDER;
  const s = (inverse(k) * ((BigInt(hash) + r * secret) % P256_ORDER)) % P256_ORDER;
  return concat([toBeHex(r, 32), toBeHex(lowS(s), 32)]);
}

/** By Fermat: the order is a prime. */
function inverse(value: bigint): bigint {
  let [result, base] = [1n, value];
  for (let exponent = P256_ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % P256_ORDER;
    base = (base * base) % P256_ORDER;
  }
  return result;
}

/** What a browser hands over after `navigator.credentials.get`, encoded as OpenZeppelin's WebAuthnAuth. */
function assertion(privateKey: KeyObject, hash: string, { type, flags, challenge }: AssertionOptions): string {
  const encoded = Buffer.from(getBytes(challenge ?? hash)).toString("base64url");
  const client = JSON.stringify({
    type: type ?? "webauthn.get",
    challenge: encoded,
    origin: "https://example.org",
    crossOrigin: false,
  });
  const relyingParty = createHash("sha256").update("example.org").digest();
  const authenticatorData = Buffer.concat([relyingParty, Buffer.from([flags ?? 0x05, 0, 0, 0, 7])]);
  const signed = Buffer.concat([authenticatorData, createHash("sha256").update(client).digest()]);
  const signature = cryptoSign("sha256", signed, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const [r, s] = [bigint(signature.subarray(0, 32)), lowS(bigint(signature.subarray(32)))];
  const indexes = [client.indexOf('"challenge"'), client.indexOf('"type"')];
  return coder.encode(
    ["bytes32", "bytes32", "uint256", "uint256", "bytes", "string"],
    [toBeHex(r, 32), toBeHex(s, 32), ...indexes, authenticatorData, client],
  );
}

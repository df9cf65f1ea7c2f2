import { createECDH, createPublicKey, randomBytes } from "node:crypto";
import { computeAddress } from "ethers";
import { BropError } from "../../../core/errors.ts";
import { bytesToHex } from "../../../core/hex.ts";
import type { TokenKeyName } from "../../../core/pkcs11-uri.ts";
import { runTokenTool } from "./pkcs11-tool.ts";

/** A key in a token as others know it. */
export interface TokenKey {
  /** Read from the token itself. */
  publicKey: string;
  address: string;
  /** Identifier in the token (CKA_ID), in hexadecimal digits: the tool finds private keys by it, and not by label. */
  id: string;
}

const CURVE = "secp256k1";
const SIGNATURE_BYTES = 64;

/**
 * Makes a key pair on secp256k1 inside a token; it can sign and agree on keys, and the token never gives its private part away.
 * @throws BropError `key.exists` the token has one under this label; as `runTokenTool`
 */
export async function createTokenKey(key: TokenKeyName): Promise<TokenKey> {
  if ((await listTokenKeys(key)).some(({ label }) => label === key.label))
    throw new BropError("key.exists", { name: key.label });
  const kind = ["--keypairgen", "--key-type", `EC:${CURVE}`, "--usage-sign", "--usage-derive", "--sensitive"];
  const id = randomBytes(8).toString("hex");
  await runTokenTool(key, [...kind, "--label", key.label, "--id", id], { login: true });
  return readTokenKey(key);
}

/**
 * Reads the public part of a key.
 * @throws BropError `key.not-found` the token has no key under this label; `signer.token-failed` it has several, or one of
 * another curve; as `runTokenTool`
 */
export async function readTokenKey(key: TokenKeyName): Promise<TokenKey> {
  const all = await listTokenKeys(key);
  const own = all.filter(({ label }) => label === key.label);
  const [{ id } = { id: "" }] = own;
  if (own.length === 0) {
    const words = `The token has no key with the label ${key.label}: make one with \`brop token create\``;
    throw new BropError("key.not-found", { name: key.label }, words);
  }
  // Whatever finds keys by label or identifier would take one or the other.
  if (own.length > 1) throw failed(`${own.length} keys have the label ${key.label}: give each a label of its own`);
  if (id === "") throw failed(`the key ${key.label} has no identifier: give it one (pkcs11-tool --set-id)`);
  if (all.filter((each) => each.id === id).length > 1) throw failed(`another key has its identifier ${id}`);
  const der = await runTokenTool(key, ["--read-object", "--type", "pubkey", "--id", id], { login: true, output: true });
  const publicKey = pointOf(der);
  return { publicKey, address: computeAddress(`0x04${publicKey.slice(2)}`), id };
}

/**
 * Signs a digest of 32 bytes.
 * @returns r and s, 64 bytes; s may be above half the curve's order
 * @throws BropError as `runTokenTool`
 */
export async function signInToken(key: TokenKeyName, { id }: TokenKey, digest: Uint8Array): Promise<Uint8Array> {
  const how = ["--sign", "--mechanism", "ECDSA", "--id", id, "--signature-format", "rs"];
  const signature = await runTokenTool(key, how, { login: true, input: digest, output: true });
  if (signature.length !== SIGNATURE_BYTES) throw failed(`its signature has ${signature.length} bytes and not 64`);
  return signature;
}

/**
 * Whether a key can be a node's: Besu's connections agree on secrets with it (ECDH), of which many tokens and most cloud
 * services are not capable. It is tried with a key of the moment.
 */
export async function canAgree(key: TokenKeyName, { publicKey, id }: TokenKey): Promise<boolean> {
  const other = createECDH(CURVE);
  other.generateKeys();
  const how = ["--derive", "--mechanism", "ECDH1-DERIVE", "--id", id];
  try {
    const secret = await runTokenTool(key, how, { login: true, input: spkiOf(other.getPublicKey()), output: true });
    return secret.equals(other.computeSecret(Buffer.from(`04${publicKey.slice(2)}`, "hex")));
  } catch (error) {
    if (error instanceof BropError && error.code === "signer.token-failed") return false;
    throw error;
  }
}

/** The slot that a token is in now, by which Besu's plugin names it; tokens may move when others come. */
export async function slotOf(key: TokenKeyName): Promise<number> {
  if (key.slot !== undefined) return key.slot;
  const listed = (await runTokenTool(key, ["--list-slots"])).toString("utf8");
  let slot: number | undefined;
  for (const line of listed.split("\n")) {
    const [, number] = /^Slot \d+ \((0x[0-9a-f]+)\):/.exec(line) ?? [];
    if (number !== undefined) slot = Number(number);
    if (/^\s+token label\s*: /.test(line) && line.replace(/^\s+token label\s*: /, "").trim() === key.token) {
      if (slot !== undefined) return slot;
    }
  }
  throw failed(`no slot has the token ${key.token}`);
}

/** Labels and identifiers of all public keys: the tool lists all, whatever label it is given. */
export async function listTokenKeys(key: TokenKeyName): Promise<{ label: string; id: string }[]> {
  const listed = (await runTokenTool(key, ["--list-objects", "--type", "pubkey"], { login: true })).toString("utf8");
  return listed
    .split(/^Public Key Object;/m)
    .slice(1)
    .map((block) => ({
      label: /^ {2}label: +(.*)$/m.exec(block)?.[1]?.trim() ?? "",
      id: /^ {2}ID: +([0-9a-f]+)\s*$/m.exec(block)?.[1] ?? "",
    }));
}

/** The 64 bytes of a public key in the form of RFC 5480. */
function pointOf(der: Buffer): string {
  let jwk: JsonWebKey;
  try {
    jwk = createPublicKey({ key: der, format: "der", type: "spki" }).export({ format: "jwk" }) as JsonWebKey;
  } catch (cause) {
    throw failed("its public key can not be read", cause);
  }
  if (jwk.crv !== CURVE) throw failed(`the key is on ${jwk.crv ?? "no curve"} and not on ${CURVE}`);
  const coordinates = [jwk.x, jwk.y].map((text) => Buffer.from(text ?? "", "base64url"));
  return bytesToHex(Buffer.concat(coordinates));
}

/** RFC 5480's form of an uncompressed point on secp256k1, as the tool takes the other side's key. */
function spkiOf(point: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from("3056301006072a8648ce3d020106052b8104000a034200", "hex"), point]);
}

function failed(reason: string, cause?: unknown): BropError {
  return new BropError("signer.token-failed", { reason }, undefined, { cause });
}

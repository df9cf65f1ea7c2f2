import {
  concat,
  hexlify,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
  toBeHex,
  toUtf8Bytes,
  ZeroHash,
} from "ethers";
import { BropError } from "../core/errors.ts";
import { type Owner, signTyped } from "./owner.ts";

/** Who signs: the EIP-712 domain of the account's own contract. */
export interface AccountDomain {
  account: string;
  chainId: bigint;
}

// biome-ignore lint/suspicious/noExplicitAny: ethers' own type of typed data
type Value = Record<string, any>;

/**
 * Signs a message so that the account's `isValidSignature` (ERC-1271) accepts it for `hashMessage(message)`. ERC-7739
 * nests it into the account's domain: a signature for one account is none for another with the same key.
 */
export async function signNestedMessage(owner: Owner, domain: AccountDomain, message: string | Uint8Array) {
  const bytes = typeof message === "string" ? toUtf8Bytes(message) : message;
  const prefixed = concat([toUtf8Bytes(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes]);
  return signTyped(owner, domainOf(domain), { PersonalSign: [{ name: "prefixed", type: "bytes" }] }, { prefixed });
}

/**
 * Signs typed data so that the account's `isValidSignature` accepts it for the data's EIP-712 hash. The signature
 * carries what ERC-7739 needs to build the nested hash again: the application's domain and the types in words.
 */
export async function signNestedTypedData(
  owner: Owner,
  account: AccountDomain,
  domain: TypedDataDomain,
  types: Record<string, TypedDataField[]>,
  value: Value,
): Promise<string> {
  const encoder = TypedDataEncoder.from(types);
  const { primaryType, types: exactTypes } = encoder;
  if (exactTypes.TypedDataSign !== undefined) {
    throw new BropError("request.invalid", { field: "types", reason: "TypedDataSign is the name of ERC-7739's own" });
  }
  const nestedTypes = {
    ...exactTypes,
    TypedDataSign: [
      { name: "contents", type: primaryType },
      { name: "name", type: "string" },
      { name: "version", type: "string" },
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
      { name: "salt", type: "bytes32" },
    ],
  };
  const nested = { contents: value, ...domainOf(account), salt: ZeroHash };
  const signature = await signTyped(owner, domain, nestedTypes, nested);
  // In ERC-7739's explicit form: the types in EIP-712's order, then the name of the one that is signed.
  const description = toUtf8Bytes(describeTypes(exactTypes) + primaryType);
  const parts = [signature, TypedDataEncoder.hashDomain(domain), encoder.hash(value), hexlify(description)];
  return concat([...parts, toBeHex(description.length, 2)]);
}

function domainOf({ account, chainId }: AccountDomain) {
  return { name: "BROP Account", version: "1", chainId, verifyingContract: account };
}

function describeTypes(types: Record<string, TypedDataField[]>): string {
  const describe = (name: string) => `${name}(${types[name]?.map((field) => `${field.type} ${field.name}`).join(",")})`;
  return Object.keys(types).sort().map(describe).join("");
}

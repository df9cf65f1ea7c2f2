import { AbiCoder, concat, keccak256, TypedDataEncoder, toBeHex, toUtf8Bytes, type Wallet, ZeroHash } from "ethers";
import { CHAIN_ID } from "./chain.ts";

const coder = AbiCoder.defaultAbiCoder();

/** EIP-712 domain of an account, in which its owner's key signs for it (ERC-7739). */
export function accountDomain(account: string, chainId = CHAIN_ID) {
  return { name: "BROP Account", version: "1", chainId, verifyingContract: account };
}

/** What the key of an account signs for a digest in ERC-7739's PersonalSign form. */
export function personalDigest(account: string, digest: string, chainId = CHAIN_ID): string {
  const typeHash = keccak256(toUtf8Bytes("PersonalSign(bytes prefixed)"));
  const struct = keccak256(coder.encode(["bytes32", "bytes32"], [typeHash, digest]));
  return keccak256(concat(["0x1901", TypedDataEncoder.hashDomain(accountDomain(account, chainId)), struct]));
}

/** Signature of an account over a digest in ERC-7739's PersonalSign form, as ERC-1271 verifies it. */
export function personalSignature(account: string, digest: string, wallet: Wallet, chainId = CHAIN_ID): string {
  return wallet.signingKey.sign(personalDigest(account, digest, chainId)).serialized;
}

/** What an application asks an account to sign: typed data in the application's own domain. */
export interface TypedData {
  domain: { name: string; version: string; chainId: number; verifyingContract: string };
  /** EIP-712 text of the type, for example "Mail(bytes32 subject)". */
  type: string;
  contentsHash: string;
}

/** Digest of typed data, as the application shows it to `isValidSignature`. */
export function typedDataDigest({ domain, contentsHash }: TypedData): string {
  return keccak256(concat(["0x1901", TypedDataEncoder.hashDomain(domain), contentsHash]));
}

/** Signature of an account over typed data in ERC-7739's nested form. */
export function nestedSignature(account: string, data: TypedData, wallet: Wallet, chainId = CHAIN_ID): string {
  const contentsName = data.type.slice(0, data.type.indexOf("("));
  const typeHash = keccak256(
    toUtf8Bytes(
      `TypedDataSign(${contentsName} contents,string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)${data.type}`,
    ),
  );
  const { name, version, verifyingContract } = accountDomain(account, chainId);
  const struct = keccak256(
    coder.encode(
      ["bytes32", "bytes32", "bytes32", "bytes32", "uint256", "address", "bytes32"],
      [
        typeHash,
        data.contentsHash,
        keccak256(toUtf8Bytes(name)),
        keccak256(toUtf8Bytes(version)),
        chainId,
        verifyingContract,
        ZeroHash,
      ],
    ),
  );
  const appSeparator = TypedDataEncoder.hashDomain(data.domain);
  const signature = wallet.signingKey.sign(keccak256(concat(["0x1901", appSeparator, struct]))).serialized;
  const description = toUtf8Bytes(data.type);
  return concat([signature, appSeparator, data.contentsHash, description, toBeHex(description.length, 2)]);
}

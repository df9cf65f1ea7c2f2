import { TypedDataEncoder } from "ethers";
import { bytesToHex, writeHex } from "./hex.ts";
import { keccak256 } from "./keccak.ts";

/** What an exchange signs for a user: that the proof for this block has a leaf with this amount for it (VO-7). */
export interface CustodyStatement {
  exchange: string;
  voucher: string;
  blockNumber: number;
  leafKey: string;
  amount: bigint;
}

/** The same for a total that is bound to an evidence record. */
export interface DeclaredStatement {
  publisher: string;
  record: string;
  leafKey: string;
  amount: bigint;
}

export type Statement = CustodyStatement | DeclaredStatement;

/** Types of the statements as wallets take them (EIP-712). */
export const STATEMENT_TYPES = {
  CustodyStatement: [
    { name: "exchange", type: "address" },
    { name: "voucher", type: "address" },
    { name: "blockNumber", type: "uint48" },
    { name: "leafKey", type: "bytes32" },
    { name: "amount", type: "uint256" },
  ],
  DeclaredStatement: [
    { name: "publisher", type: "address" },
    { name: "record", type: "bytes32" },
    { name: "leafKey", type: "bytes32" },
    { name: "amount", type: "uint256" },
  ],
};

/** EIP-712 domain of the statements. */
export function statementDomain(custodyProofs: string, chainId: bigint | number) {
  return { name: "BROP CustodyProofs", version: "1", chainId, verifyingContract: custodyProofs };
}

/** Digest that the publisher's account signs, as `CustodyProofs.statementDigest` and `declaredStatementDigest`. */
export function statementDigest(statement: Statement, custodyProofs: string, chainId: bigint | number): string {
  const name = "record" in statement ? "DeclaredStatement" : "CustodyStatement";
  const types = { [name]: STATEMENT_TYPES[name] };
  return TypedDataEncoder.hash(statementDomain(custodyProofs, chainId), types, statement);
}

/**
 * Key of a user's leaf: keccak256(account, salt), each as 32 bytes. It contains the account, so that one leaf can not
 * serve two users; the salt keeps others from finding the account's leaf.
 * @param salt 32 random bytes, secret, of their own for each user and proof
 */
export function leafKey(account: string, salt: string): string {
  const words = new Uint8Array(64);
  writeHex(words, 12, account);
  writeHex(words, 32, salt);
  return bytesToHex(keccak256(words));
}

/** Identifier of a proof: keccak256(exchange, voucher, blockNumber), as `CustodyProofs.proofId`. */
export function custodyProofId(exchange: string, voucher: string, blockNumber: number): string {
  const words = new Uint8Array(96);
  writeHex(words, 12, exchange);
  writeHex(words, 44, voucher);
  writeHex(words, 64, `0x${blockNumber.toString(16).padStart(64, "0")}`);
  return bytesToHex(keccak256(words));
}

import type { Wallet } from "ethers";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { CHAIN_ID } from "./chain.ts";

const TYPES = {
  ValidatorKey: [
    { name: "seat", type: "address" },
    { name: "node", type: "address" },
  ],
};

/** What a proof of possession is about, where a test wants it different. */
export interface ProofChanges {
  chainId?: number;
  verifyingContract?: string;
  node?: string;
}

/** A node key's proof that whoever asks for its place has it. */
export async function proofOf(node: Wallet, seat: string, changes: ProofChanges = {}): Promise<string> {
  const { chainId = CHAIN_ID, verifyingContract = SYSTEM_ADDRESSES.ValidatorSet, node: address } = changes;
  const domain = { name: "BROP ValidatorSet", version: "1", chainId, verifyingContract };
  return node.signTypedData(domain, TYPES, { seat, node: address ?? node.address });
}

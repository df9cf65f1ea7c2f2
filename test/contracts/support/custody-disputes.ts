import type { ContractTransactionResponse } from "ethers";
import type { Statement } from "../../../src/core/custody-statement.ts";
import { MerkleSumTree } from "../../../src/core/merkle-sum.ts";
import type { SumLeafProof } from "../../../src/core/merkle-sum-proof.ts";
import { type Exchange, keyOf, leafOf, type Published, proofOf } from "./custody.ts";

/** Of a proof. */
export const STATUS = { none: 0n, proven: 1n, declared: 2n, challenged: 3n, disputed: 4n } as const;
/** Of a statement. */
export const STATEMENT = { none: 0n, challenged: 1n, answered: 2n, contradicted: 3n } as const;
export const ANSWER_BLOCKS = 28_800;
export const DISPUTE_BLOCKS = 864_000;

/** What a user shows: what was stated, and the signature. */
export interface Signed {
  statement: Statement;
  signature: string;
}

/** Ann was promised more than the tree has for her; what is missing went to eve. */
export const shortChanged = () => new MerkleSumTree([leafOf("ann", 100n), leafOf("ben", 300n), leafOf("eve", 600n)]);
/** Ann is not in the tree at all. */
export const withoutAnn = () => new MerkleSumTree([leafOf("ben", 300n), leafOf("cai", 100n), leafOf("eve", 600n)]);

/** A leaf that the tree has. */
export const leafIn = (tree: MerkleSumTree, name: string) => tree.inclusion(keyOf(name)) as SumLeafProof;

export const disputeAmount = async (p: Exchange, id: string, { statement, signature }: Signed, leaf: SumLeafProof) =>
  p.alice.call(p.custodyProofs, "disputeAmount", [id, statement.amount, signature, proofOf(leaf)]);
export const disputeAbsence = async (
  p: Exchange,
  id: string,
  { statement, signature }: Signed,
  leaves: SumLeafProof[],
) =>
  p.alice.call(p.custodyProofs, "disputeAbsence", [
    id,
    statement.leafKey,
    statement.amount,
    signature,
    leaves.map(proofOf),
  ]);
export const challenge = async (p: Exchange, id: string, { statement, signature }: Signed) =>
  p.alice.call(p.custodyProofs, "challenge", [id, statement.leafKey, statement.amount, signature]);
export const answer = async (p: Exchange, id: string, leaf: SumLeafProof) =>
  p.exchange.call(p.custodyProofs, "answer", [id, proofOf(leaf)]);
export const statusOf = ({ custodyProofs }: Exchange, { id }: Published) => custodyProofs.statusOf(id);

/** Sends a call far in the future, when certifications have lapsed: any sender serves. */
export const later = async (call: Promise<ContractTransactionResponse>) => (await call).wait();

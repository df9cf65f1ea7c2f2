import { AbiCoder, getAddress, hexlify, keccak256, randomBytes } from "ethers";
import { DIGEST_ALGORITHMS } from "../../core/digest.ts";
import { BropError } from "../../core/errors.ts";
import type { Form } from "../form.ts";
import type { ContractBook } from "./contract-book.ts";
import { type DigestRequest, digestOf } from "./record.ts";

/** A document for its parties to confirm (EV-5). */
export interface AgreementRequest extends DigestRequest {
  /** Addresses, in any order. */
  parties: readonly string[];
  /** Last block in which a party can confirm. */
  lastBlock: number;
  /** Tells apart proposals that are otherwise the same; random by default. */
  salt?: string | undefined;
}

/** What a party or the proposer does with an agreement. */
export const AGREEMENT_STEPS = { confirmations: "confirm", withdrawals: "withdraw", cancellations: "cancel" } as const;
export type AgreementStep = keyof typeof AGREEMENT_STEPS;

const SALT_BYTES = 32;

/** Proposes an agreement. @throws BropError `request.invalid`, `canonical.invalid` */
export async function agreementForm(book: ContractBook, proposer: string, request: AgreementRequest): Promise<Form> {
  const { digest, algorithm } = digestOf(request);
  const { lastBlock, salt = hexlify(randomBytes(SALT_BYTES)) } = request;
  const parties = request.parties.map((party) => getAddress(party.toLowerCase())).sort(byValue);
  const twice = parties.find((party, index) => party === parties[index + 1]);
  if (twice !== undefined) {
    throw new BropError("request.invalid", { field: "parties", value: twice, reason: "stands there twice" });
  }
  const proposal = { digest, algorithm: DIGEST_ALGORITHMS[algorithm], lastBlock, salt, parties };
  const { address, interface: abi } = await book.find("Agreements");
  // keccak256(abi.encode(proposer, digest, algorithm, parties, lastBlock, salt)), as IAgreements says.
  const values = [proposer, digest, proposal.algorithm, parties, lastBlock, salt];
  const types = ["address", "bytes32", "uint16", "address[]", "uint48", "bytes32"];
  const agreement = keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
  return {
    kind: "agreement",
    calls: [{ target: address, data: abi.encodeFunctionData("propose", [proposal]) }],
    content: { agreement, digest, algorithm, lastBlock, salt, parties },
  };
}

/** Confirms an agreement, takes a confirmation back, or ends a proposal. */
export async function agreementStepForm(book: ContractBook, step: AgreementStep, agreement: string): Promise<Form> {
  const { address, interface: abi } = await book.find("Agreements");
  const name = AGREEMENT_STEPS[step];
  return {
    kind: `agreement-${name}`,
    calls: [{ target: address, data: abi.encodeFunctionData(name, [agreement]) }],
    content: { agreement: agreement.toLowerCase() },
  };
}

const byValue = (a: string, b: string) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);

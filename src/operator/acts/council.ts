import { pendingProposal, reasonOf } from "../../../scripts/upgrading/proposal.ts";
import { errorFromRevert } from "../../chain/contract-errors.ts";
import { NodeRpcError } from "../../chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../chain/system-addresses.ts";
import { BropError } from "../../core/errors.ts";
import type { ActContext, ActKind, ContractName, Step } from "../act-kind.ts";
import { interfaceOf } from "../context.ts";

/** A call that Council is to make. */
export interface CouncilCall {
  what: string;
  target: string;
  data: string;
}

/** What every act that Council decides can be asked with. */
export interface ProposalInput {
  /** Digest of the document that explains it; by default of the calls and what each is for (canonical JSON). */
  reason?: string;
}

/** An act that is the proposal of calls to Council. Where the same calls are proposed already, nothing is sent. */
export function proposalAct<Input extends ProposalInput>(
  name: string,
  callsOf: (input: Input, at: ActContext) => Promise<CouncilCall[]>,
): ActKind<Input> {
  return {
    name,
    async steps(input, at, included) {
      if (included > 0) return [];
      return proposeSteps(at, await callsOf(input, at), input.reason);
    },
    async result(input, at) {
      return proposalResult(at, await callsOf(input, at));
    },
  };
}

/**
 * The proposal of calls, unless it is made already.
 *
 * @throws BropError `operator.seat-missing` with the calls; what Council would be refused if it made a call now
 */
export async function proposeSteps(at: ActContext, calls: readonly CouncilCall[], reason?: string): Promise<Step[]> {
  for (const call of calls) await tryAsCouncil(at, call);
  if ((await pendingProposal(at.provider, calls)) !== undefined) return [];
  const plain = calls.map(({ target, data }) => ({ target, data }));
  const stated = reason ?? reasonOf(calls);
  if (at.seat === undefined) throw new BropError("operator.seat-missing", { calls: plain, reason: stated });
  const data = interfaceOf("Council").encodeFunctionData("propose", [plain, stated]);
  const what = `Proposal to Council: ${calls.map(({ what }) => what).join("; ")}`;
  return [{ what, by: "seat", to: SYSTEM_ADDRESSES.Council, data }];
}

/** Where the proposal of calls stands. */
export async function proposalResult(at: ActContext, calls: readonly CouncilCall[]): Promise<Record<string, unknown>> {
  const proposal = await pendingProposal(at.provider, calls);
  return { proposal: proposal ?? null, calls };
}

/** A call of Council's, of a contract by name. */
export async function councilCall(
  at: ActContext,
  what: string,
  contract: ContractName,
  method: string,
  values: readonly unknown[],
): Promise<CouncilCall> {
  const target = await at.contract(contract);
  return { what, target: await target.getAddress(), data: target.interface.encodeFunctionData(method, [...values]) };
}

async function tryAsCouncil({ rpc }: ActContext, { target, data }: CouncilCall): Promise<void> {
  try {
    await rpc.call("eth_call", [{ from: SYSTEM_ADDRESSES.Council, to: target, data, gasPrice: "0x0" }, "latest"]);
  } catch (error) {
    if (!(error instanceof NodeRpcError) || error.revertData === undefined) throw error;
    throw errorFromRevert(error.revertData);
  }
}

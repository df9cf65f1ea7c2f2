import type { Provider, Signer } from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import type { Build, Creation } from "../deployment/creation.ts";
import { hasCode } from "../deployment/standing.ts";
import { creationStep, emptyPool, sendAll } from "../deployment/steps.ts";
import { type Comparison, compare } from "./comparison.ts";
import {
  type CouncilCall,
  callsFor,
  execute,
  type Proposal,
  pendingProposal,
  propose,
  reasonOf,
  vote,
} from "./proposal.ts";

/** What an upgrade takes, and what was done of it. */
export interface Upgrade {
  contracts: Comparison[];
  /** Code that was missing before this run. */
  creations: Pick<Creation, "what" | "address">[];
  /** What Council is asked to do; nothing when everything is current. */
  calls: CouncilCall[];
  /** Digest that the proposal states as its reason. */
  reason: string | undefined;
  /** The proposal that asks for it; undefined when there is none yet, or none any longer. */
  proposal: Proposal | undefined;
  /** Transactions sent. */
  transactions: number;
}

export interface UpgradeOptions {
  provider: Provider;
  /** Holds the operator's role: creates code. Without it nothing is created. */
  operator?: Signer;
  /** Has a seat in Council: proposes. Without it nothing is proposed. */
  seat?: Signer;
  /** What the seat does with a proposal that is pending; by default nothing. */
  seatAction?: "vote" | "execute";
  /** Told of each transaction that is done. */
  report?: (what: string) => void;
  build?: Build;
}

/** Compares the network with the build; changes nothing. */
export async function planUpgrade({ provider, build = readArtifact }: UpgradeOptions): Promise<Upgrade> {
  return (await surveyUpgrade(provider, build)).plan;
}

/**
 * Creates the code that the network lacks and proposes to Council to put it behind the proxies. What it does follows from
 * what it finds: run again it changes nothing while the proposal is pending or once it was executed, and goes on where an
 * interrupted run stopped. A proposal that lapsed or was taken back is made anew.
 *
 * Another seat that runs it from a build of its own finds the proposal if, and only if, it asks for exactly what that build
 * would ask for. So a seat votes for code that it has seen.
 *
 * @throws when a signer does not have the right, or a step fails
 */
export async function upgrade(options: UpgradeOptions): Promise<Upgrade> {
  const { provider, operator, report = () => undefined, build = readArtifact } = options;
  if (operator !== undefined) await emptyPool(operator);
  const { plan, missing } = await surveyUpgrade(provider, build);
  if (operator !== undefined) {
    await sendAll(operator, missing.map(creationStep), report);
    plan.transactions += missing.length;
  }
  // Nobody proposes or votes for code that can not be looked at yet.
  if (missing.length === 0 || operator !== undefined) await actAsSeat(plan, options);
  return plan;
}

async function actAsSeat(plan: Upgrade, { seat, seatAction, report = () => undefined }: UpgradeOptions): Promise<void> {
  const { calls, proposal } = plan;
  if (seat === undefined || calls.length === 0) return;
  if (proposal === undefined) await propose(seat, calls);
  else if (seatAction === "execute") await execute(seat, proposal, calls);
  else if (seatAction !== "vote" || !(await vote(seat, proposal))) return;
  plan.transactions++;
  plan.proposal = await pendingProposal(seat, calls);
  report(proposal === undefined ? `proposal ${plan.proposal?.id} made` : `proposal ${proposal.id}: ${seatAction} done`);
}

/** As `planUpgrade`, with the code that is missing. */
export async function surveyUpgrade(provider: Provider, build: Build): Promise<{ plan: Upgrade; missing: Creation[] }> {
  const { comparisons: contracts, creations } = await compare(provider, build);
  const missing: Creation[] = [];
  for (const creation of creations) if (!(await hasCode(provider, creation.address))) missing.push(creation);
  const calls = await callsFor(provider, contracts, build);
  const plan = {
    contracts,
    creations: missing.map(({ what, address }) => ({ what, address })),
    calls,
    reason: calls.length === 0 ? undefined : reasonOf(calls),
    proposal: calls.length === 0 ? undefined : await pendingProposal(provider, calls),
    transactions: 0,
  };
  return { plan, missing };
}

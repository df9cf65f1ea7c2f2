import { planDeployment } from "../../../scripts/deployment/deploy.ts";
import { creationStep, type Step as ScriptStep } from "../../../scripts/deployment/steps.ts";
import { layoutProblems } from "../../../scripts/upgrading/layout-problems.ts";
import { surveyUpgrade, type Upgrade } from "../../../scripts/upgrading/upgrade.ts";
import { readArtifact } from "../../chain/artifacts.node.ts";
import { BropError } from "../../core/errors.ts";
import type { ActContext, ActKind, Step } from "../act-kind.ts";
import { type ProposalInput, proposalResult, proposeSteps } from "./council.ts";

/** What the deployment of this version takes. */
export interface DeploymentPlan {
  /** Where each contract stands, or will stand: addresses follow from the code. */
  addresses: Record<string, string>;
  /** Names that are not complete. */
  missing: string[];
  /** Transactions, in words. */
  steps: string[];
}

/** What is missing of this version's contracts on the network; changes nothing. */
export async function deploymentPlan(at: ActContext): Promise<DeploymentPlan> {
  const { addresses, missing, steps } = await planDeployment(at.provider);
  return { addresses, missing, steps: steps.map(({ what }) => what) };
}

/** Deploys what is missing, lists it in Directory and publishes first prices, as `npm run deploy` does. */
export const deploy: ActKind<Record<string, never>> = {
  name: "platform.deploy",
  atOnce: true,
  steps: async (_, at) => (await planDeployment(at.provider)).steps.map(byOperator),
  result: async (_, at) => ({ addresses: (await planDeployment(at.provider)).addresses }),
};

/** Compares the network with the build; changes nothing. */
export async function upgradePlan(at: ActContext): Promise<Upgrade> {
  return (await survey(at)).plan;
}

async function survey({ provider }: ActContext) {
  const { missing } = await planDeployment(provider);
  if (missing.length === 0) return surveyUpgrade(provider, readArtifact);
  const words = `Not deployed yet: ${missing.join(", ")}. Deploy first, then upgrade`;
  throw new BropError("service.unavailable", { missing }, words);
}

/**
 * Creates the code that the network lacks and proposes it to Council, whose votes decide. Without a seat's key it ends with
 * the calls, for a seat to propose.
 */
export const upgrade: ActKind<ProposalInput> = {
  name: "platform.upgrade",
  atOnce: true,
  async steps({ reason }, at) {
    const problems = layoutProblems();
    if (problems.length > 0) {
      throw new BropError("contract.reverted", { problems }, `The build would misread what is stored: ${problems[0]}`);
    }
    const { plan, missing } = await survey(at);
    if (missing.length > 0) return missing.map(creationStep).map(byOperator);
    if (plan.calls.length === 0 || at.seat === undefined) return [];
    return proposeSteps(at, plan.calls, reason);
  },
  async result({ reason }, at) {
    const plan = await upgradePlan(at);
    const { proposal } = await proposalResult(at, plan.calls);
    return {
      calls: plan.calls,
      reason: reason ?? plan.reason ?? null,
      proposal: plan.calls.length === 0 ? null : proposal,
    };
  },
};

function byOperator({ what, to, data, gasLimit }: ScriptStep): Step {
  return { what, by: "operator", to, data, gasLimit };
}

import { type ContractRunner, encodeBytes32String, type Signer } from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import { abiDigest } from "../../src/chain/genesis/abi-digest.ts";
import { creationsOf } from "./creation.ts";
import { nameOf, PLAN } from "./plan.ts";
import { priceSteps } from "./prices.ts";
import { hasCode, standing } from "./standing.ts";
import { callStep, creationStep, emptyPool, type Step, sendAll } from "./steps.ts";

/** What a deployment found and did. */
export interface Deployment {
  /** Every contract of the plan by name. */
  addresses: Record<string, string>;
  /** Names that were not complete before this call; none when everything stood already. */
  deployed: string[];
  /** Transactions sent. */
  transactions: number;
}

/** What stands of the plan, and what is to be done for the rest. */
export interface DeploymentSurvey {
  addresses: Record<string, string>;
  missing: string[];
  steps: Step[];
}

/**
 * Deploys what is missing of the plan, lists it in Directory and publishes its first prices. Run again it changes
 * nothing; run again after an interruption it goes on with the next step, and ends at the same addresses: they follow
 * from the contracts' code alone.
 *
 * @param operator signer with the operator's role
 * @param report told of each step that is done
 * @throws when the signer does not hold the operator's role, or a step fails
 */
export async function deploy(operator: Signer, report: (what: string) => void = () => undefined): Promise<Deployment> {
  await emptyPool(operator);
  const { addresses, missing, steps } = await planDeployment(operator);
  await sendAll(operator, steps, report);
  return { addresses, deployed: missing, transactions: steps.length };
}

/** Whether everything of the plan stands, is listed and has its prices: then `deploy` would change nothing. */
export async function isDeployed(operator: Signer): Promise<boolean> {
  return (await planDeployment(operator)).steps.length === 0;
}

/** Compares the plan with the network; changes nothing. */
export async function planDeployment(runner: ContractRunner): Promise<DeploymentSurvey> {
  const addresses = await standing(runner);
  const missing: string[] = [];
  const steps: Step[] = [];
  for (const contract of PLAN) {
    const name = nameOf(contract);
    // What stands keeps its place, even where this version's code differs: Council upgrades it.
    if (addresses[name] !== undefined) continue;
    const open: Step[] = [];
    for (const creation of creationsOf(contract, addresses)) {
      addresses[name] = creation.address;
      if (!(await hasCode(runner, creation.address))) open.push(creationStep(creation));
    }
    if (contract.name !== undefined) {
      const entry = [encodeBytes32String(name), addresses[name], abiDigest(readArtifact(contract.path).abi)];
      open.push(callStep(`${name} listed`, "Directory", "register", entry));
    }
    if (open.length > 0) missing.push(name);
    steps.push(...open);
  }
  return { addresses, missing, steps: [...steps, ...(await priceSteps(runner, addresses))] };
}

import { type ContractRunner, Interface, ZeroAddress } from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { contractAt } from "./contract.ts";
import { PLAN, PRICE_GROUPS, PRICES } from "./plan.ts";
import { callStep, type Step } from "./steps.ts";

/** Steps that publish what has no price yet. A published price is Council's to change. */
export async function priceSteps(runner: ContractRunner, addresses: Readonly<Record<string, string>>): Promise<Step[]> {
  const quota = contractAt("quota/Quota", SYSTEM_ADDRESSES.Quota, runner);
  const steps: Step[] = [];
  for (const [name, prices] of Object.entries(PRICES)) {
    const listed = PRICE_GROUPS[name];
    const path = listed?.path ?? PLAN.find((contract) => contract.name === name)?.path ?? "";
    const group = groupAddress(listed?.group ?? name, addresses);
    const contract = new Interface(readArtifact(path).abi);
    const selectors: string[] = [];
    const points: number[] = [];
    for (const [name, price] of Object.entries(prices)) {
      const selector = contract.getFunction(name)?.selector ?? "";
      if ((await quota.getFunction("price")(group, selector)) !== 0n) continue;
      selectors.push(selector);
      points.push(price);
    }
    if (selectors.length === 0) continue;
    steps.push(callStep(`prices of ${name} published`, "Quota", "publishPrices", [group, selectors, points]));
  }
  return steps;
}

function groupAddress(group: string, addresses: Readonly<Record<string, string>>): string {
  if (group === "itself") return ZeroAddress;
  return addresses[group] ?? group;
}

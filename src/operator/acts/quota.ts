import { Interface, type InterfaceAbi, ZeroAddress } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { PLAN, PRICE_GROUPS } from "../../../scripts/deployment/plan.ts";
import { BropError } from "../../core/errors.ts";
import type { ActContext, ActKind, ContractName } from "../act-kind.ts";
import { councilCall, type ProposalInput, proposalAct, proposalResult, proposeSteps } from "./council.ts";
import { oneCall, operatorCall } from "./make.ts";

/** Gives an account the quota class agreed for its business (QU-3); 0 takes it back. */
export const assignClass = oneCall<{ account: string; quotaClass: number }>(
  "quota.assign-class",
  ({ account, quotaClass }, at) =>
    operatorCall(at, `${account} gets quota class ${quotaClass}`, "Quota", "assignClass", [account, quotaClass]),
);

export interface QuotaClassInput extends ProposalInput {
  quotaClass: number;
  /** Points; `periodBlocks` is the length of a grant's period. */
  ceiling: number;
  grant: number;
  initial: number;
  periodBlocks: number;
}

/** Proposes a quota class to Council. */
export const setClass = proposalAct<QuotaClassInput>("quota.set-class", async (input, at) => {
  const { quotaClass, ceiling, grant, initial, periodBlocks } = input;
  const values = [quotaClass, { ceiling, grant, initial, periodBlocks }];
  const what = `Quota class ${quotaClass} has the ceiling ${ceiling} and the grant ${grant} each ${periodBlocks} blocks`;
  return [await councilCall(at, what, "Quota", "setClass", values)];
});

/** Proposes the price of a byte of call data to Council. */
export const setBytePrice = proposalAct<ProposalInput & { points: number }>("quota.byte-price", async (input, at) => [
  await councilCall(at, `A byte costs ${input.points} points`, "Quota", "publishBytePrice", [input.points]),
]);

export interface PricesInput extends ProposalInput {
  /** Name in Directory; `Voucher` stands for every voucher, `Account` for what accounts call on themselves. */
  contract: string;
  /** Points by function. */
  prices: Readonly<Record<string, number>>;
}

/** First prices are the operator's to publish; as soon as one of the functions has a price Council is asked. */
export const publishPrices: ActKind<PricesInput> = {
  name: "quota.publish-prices",
  async steps(input, at, included) {
    if (included > 0) return [];
    const { values, areFirst, what } = await readPrices(input, at);
    if (areFirst) return [await operatorCall(at, what, "Quota", "publishPrices", values)];
    return proposeSteps(at, [await councilCall(at, what, "Quota", "publishPrices", values)], input.reason);
  },
  async result(input, at) {
    const { values, what } = await readPrices(input, at);
    const call = await councilCall(at, what, "Quota", "publishPrices", values);
    const { proposal } = await proposalResult(at, [call]);
    return proposal === null ? {} : { proposal, calls: [call] };
  },
};

async function readPrices({ contract, prices }: PricesInput, at: ActContext) {
  const quota = await at.contract("Quota");
  const { name, group } = await groupOf(contract, at);
  const functions = new Interface(abi[name] as InterfaceAbi);
  const selectors = Object.keys(prices).map((method) => {
    const fragment = functions.fragments.some((one) => one.type === "function" && "name" in one && one.name === method);
    if (fragment) return functions.getFunction(method)?.selector ?? "";
    throw new BropError("request.invalid", { field: `prices/${method}`, reason: `${contract} has no such function` });
  });
  const known: bigint[] = await Promise.all(selectors.map((selector) => quota.getFunction("price")(group, selector)));
  return {
    values: [group, selectors, Object.values(prices)] as const,
    areFirst: known.every((price) => price === 0n),
    what: `Prices of ${contract}: ${Object.entries(prices)
      .map(([method, points]) => `${method} ${points}`)
      .join(", ")}`,
  };
}

/** Under which address Quota keeps a contract's prices, and whose functions they are. */
async function groupOf(contract: string, at: ActContext): Promise<{ name: ContractName; group: string }> {
  const listed = Object.hasOwn(PRICE_GROUPS, contract) ? PRICE_GROUPS[contract] : undefined;
  const isKnown = listed !== undefined || PLAN.some(({ name }) => name === contract);
  if (!isKnown || !Object.hasOwn(abi, contract)) {
    throw new BropError("request.invalid", { field: "contract", reason: "no contract of this name has prices" });
  }
  const name = contract as ContractName;
  if (listed?.group === "itself") return { name, group: ZeroAddress };
  if (listed?.group.startsWith("0x")) return { name, group: listed.group };
  return { name, group: await (await at.contract((listed?.group ?? contract) as ContractName)).getAddress() };
}

import { type BaseContract, encodeBytes32String } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { accountAt, contractAt } from "../support/platform.ts";
import type { Rules } from "./rule.ts";
import type { Stage } from "./stage.ts";

export type Name = keyof typeof abi;

/** Contracts of others, with rules of their own. */
const NOT_OURS: readonly Name[] = ["AccessManager", "EntryPoint"];
export const OURS = (Object.keys(abi) as Name[]).filter((name) => !NOT_OURS.includes(name));

export const rulesOf = async (name: Name) => ((await import(`./rules/${name}.ts`)) as { rules: Rules }).rules;

/** Where a contract stands; accounts and vouchers are many, one of each is looked at. */
export async function find(p: Stage, name: Name): Promise<BaseContract> {
  if (name === "Account") return accountAt(p.alice.address);
  if (name === "Voucher") return p.voucher;
  const { addresses } = p;
  return contractAt<BaseContract>(name, addresses[name] ?? (await p.directory.addressOf(encodeBytes32String(name))));
}

import { type ContractRunner, encodeBytes32String, ZeroAddress } from "ethers";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { contractAt } from "./contract.ts";
import { nameOf, PLAN } from "./plan.ts";

/** Contracts of the plan that Directory lists, by name, and the code behind the factories among them. */
export async function standing(runner: ContractRunner): Promise<Record<string, string>> {
  const directory = contractAt("governance/Directory", SYSTEM_ADDRESSES.Directory, runner);
  const addresses: Record<string, string> = {};
  for (const { name } of PLAN) {
    if (name === undefined) continue;
    const target: string = await directory.getFunction("addressOf")(encodeBytes32String(name));
    if (target !== ZeroAddress) addresses[name] = target;
  }
  for (const { path, name, dependencies } of PLAN) {
    const factory = addresses[name ?? ""];
    const code = PLAN.find((other) => other.name === undefined && dependencies.includes(nameOf(other)));
    if (factory === undefined || code === undefined) continue;
    addresses[nameOf(code)] = await contractAt(path, factory, runner).getFunction("implementation")();
  }
  return addresses;
}

export async function hasCode(runner: ContractRunner, address: string): Promise<boolean> {
  return (await runner.provider?.getCode(address)) !== "0x";
}

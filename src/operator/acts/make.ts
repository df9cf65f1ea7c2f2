import type { ActContext, ActKind, ActLog, ContractName, Step } from "../act-kind.ts";
import { interfaceOf } from "../context.ts";

/** A call of the operator's key. */
export async function operatorCall(
  at: ActContext,
  what: string,
  contract: ContractName,
  method: string,
  values: readonly unknown[],
): Promise<Step> {
  const target = await at.contract(contract);
  const data = target.interface.encodeFunctionData(method, [...values]);
  return { what, by: "operator", to: await target.getAddress(), data };
}

/** An act of one transaction. */
export function oneCall<Input>(
  name: string,
  step: (input: Input, at: ActContext) => Promise<Step>,
  result?: ActKind<Input>["result"],
): ActKind<Input> {
  return {
    name,
    steps: async (input, at, included) => (included > 0 ? [] : [await step(input, at)]),
    ...(result === undefined ? {} : { result }),
  };
}

/** An argument of the first event of that name; undefined where there is none. */
export function eventArgument(logs: readonly ActLog[], contract: ContractName, event: string, name: string): unknown {
  for (const log of logs) {
    const parsed = interfaceOf(contract).parseLog(log);
    if (parsed?.name === event) return parsed.args.getValue(name);
  }
  return undefined;
}

import { type BaseContract, Interface, type InterfaceAbi } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { addressOf, CALLERS, type Caller } from "./callers.ts";
import { refusalOf } from "./refusal.ts";
import type { Rule } from "./rule.ts";
import type { Stage } from "./stage.ts";

/** Who passes a function's check; the table of docs/contracts.md. */
export type Row = { name: string; may: readonly Caller[] };

/** Functions of a contract that can change state. */
export function functionsOf(contract: keyof typeof abi): string[] {
  const names: string[] = [];
  new Interface(abi[contract] as InterfaceAbi).forEachFunction(({ name, constant }) => {
    if (!constant) names.push(name);
  });
  return names.sort();
}

/**
 * Asks the compiled contract who passes: each caller calls each function, and is out when the answer is one of the
 * errors that say "not you".
 */
export async function rowsOf(p: Stage, contract: BaseContract, rules: Record<string, Rule>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of Object.keys(rules).sort()) {
    const { args, refusal, blocked = [] } = rules[name] as Rule;
    const may: Caller[] = [];
    for (const caller of CALLERS) {
      const answer = await refusalOf(contract, name, args, addressOf(p, caller));
      if (answer === undefined || !refusal.includes(answer) || blocked.includes(caller)) may.push(caller);
    }
    rows.push({ name, may });
  }
  return rows;
}

/** The tables of docs/contracts.md between its two marks. */
export function matrixText(contracts: ReadonlyMap<string, readonly Row[]>): string {
  const lines: string[] = [];
  for (const [contract, rows] of [...contracts].sort(([one], [other]) => (one < other ? -1 : 1))) {
    lines.push("", `**${contract}**`, "", `| | ${CALLERS.join(" | ")} |`, `|---|${CALLERS.map(() => ":-:|").join("")}`);
    for (const { name, may } of rows) {
      lines.push(`| \`${name}\` | ${CALLERS.map((caller) => (may.includes(caller) ? "●" : "")).join(" | ")} |`);
    }
  }
  return lines.join("\n").trim();
}

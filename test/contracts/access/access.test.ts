import { expect } from "chai";
import { type BaseContract, encodeBytes32String, Interface, type InterfaceAbi } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { now } from "../support/chain.ts";
import { accountAt, contractAt } from "../support/platform.ts";
import { addressOf, CALLERS } from "./callers.ts";
import { refusalOf } from "./refusal.ts";
import type { Rules } from "./rule.ts";
import { type Stage, stage } from "./stage.ts";

type Name = keyof typeof abi;

/** Contracts of others, with rules of their own. */
const NOT_OURS: readonly Name[] = ["AccessManager", "EntryPoint"];
const OURS = (Object.keys(abi) as Name[]).filter((name) => !NOT_OURS.includes(name));

const rulesOf = async (name: Name) => ((await import(`./rules/${name}.ts`)) as { rules: Rules }).rules;

/** Where a contract stands; accounts and vouchers are many, one of each is looked at. */
async function find(p: Stage, name: Name): Promise<BaseContract> {
  if (name === "Account") return accountAt(p.alice.address);
  if (name === "Voucher") return p.voucher;
  const { addresses } = p;
  return contractAt<BaseContract>(name, addresses[name] ?? (await p.directory.addressOf(encodeBytes32String(name))));
}

describe("Who may call what", () => {
  for (const name of OURS) {
    it(`is said of every function of ${name} that changes state`, async () => {
      const rules = (await rulesOf(name))(await stage(), (await now()) + 3_600);
      expect(Object.keys(rules).sort()).to.deep.equal(functionsOf(name));
    });

    it(`holds for ${name}, whoever calls`, async () => {
      const p = await stage();
      const contract = await find(p, name);
      const rules = (await rulesOf(name))(p, (await now()) + 3_600);
      for (const [fn, { args, may, refusal, blocked = [] }] of Object.entries(rules)) {
        for (const caller of CALLERS) {
          const answer = await refusalOf(contract, fn, args, addressOf(p, caller));
          const passes = answer === undefined || !refusal.includes(answer) || blocked.includes(caller);
          const expected = may === "everybody" || may.includes(caller);
          const text = `${caller} -> ${name}.${fn}: ${answer ?? "passes"}`;
          expect(passes, text).to.equal(expected);
          if (!expected) expect(refusal, text).to.include(answer);
        }
      }
    });
  }
});

/** Functions of a contract that can change state. */
function functionsOf(contract: Name): string[] {
  const names: string[] = [];
  new Interface(abi[contract] as InterfaceAbi).forEachFunction(({ name, constant }) => {
    if (!constant) names.push(name);
  });
  return names.sort();
}

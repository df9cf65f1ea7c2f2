import { Contract, concat, encodeBytes32String, getCreateAddress, Interface, type Signer, ZeroAddress } from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import { abiDigest } from "../../src/chain/genesis/abi-digest.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { nameOf, PLAN, type PlannedContract, PRICE_GROUPS, PRICES } from "./plan.ts";

/** What a deployment found and did. */
export interface Deployment {
  /** Every contract of the plan by name. */
  addresses: Record<string, string>;
  /** Names that were deployed by this call; none when everything stood already. */
  deployed: string[];
  /** Transactions sent. */
  transactions: number;
}

/** Gas limit of a creation: below the cap of a transaction (EIP-7825), above the largest contract's need. */
const CREATION_GAS = 12_000_000;
const CALL_GAS = 3_000_000;

interface Step {
  what: string;
  to: string | null;
  data: string;
}

/**
 * Deploys what is missing of the plan, lists it in Directory and publishes its first prices. Run again it changes
 * nothing. Addresses follow from the operator's address and nonce, so a whole deployment is sent at once, without a
 * wait for a block between its steps.
 *
 * @param operator signer with the operator's role
 * @param report told of each step that is done
 */
export async function deploy(operator: Signer, report: (what: string) => void = () => undefined): Promise<Deployment> {
  const from = await operator.getAddress();
  const first = await operator.getNonce("latest");
  const { addresses, missing } = await survey(operator);
  const steps: Step[] = [];
  for (const contract of missing) {
    addresses[nameOf(contract)] = planContract(contract, addresses, steps, (at) =>
      getCreateAddress({ from, nonce: first + at }),
    );
  }
  steps.push(...(await priceSteps(operator, addresses)));
  await sendAll(operator, first, steps, report);
  return { addresses, deployed: missing.map(nameOf), transactions: steps.length };
}

/** Whether everything of the plan stands, is listed and has its prices: then `deploy` would change nothing. */
export async function isDeployed(operator: Signer): Promise<boolean> {
  const { addresses, missing } = await survey(operator);
  return missing.length === 0 && (await priceSteps(operator, addresses)).length === 0;
}

/** Which contracts of the plan stand already. Code behind a factory stands when its factory does. */
async function survey(operator: Signer): Promise<{ addresses: Record<string, string>; missing: PlannedContract[] }> {
  const directory = contractAt("governance/Directory", SYSTEM_ADDRESSES.Directory, operator);
  const addresses: Record<string, string> = {};
  for (const { name } of PLAN) {
    const target: string =
      name === undefined ? ZeroAddress : await directory.getFunction("addressOf")(encodeBytes32String(name));
    if (name !== undefined && target !== ZeroAddress) addresses[name] = target;
  }
  for (const { path, name, dependencies } of PLAN) {
    const factory = addresses[name ?? ""];
    const code = PLAN.find((other) => other.name === undefined && dependencies.includes(nameOf(other)));
    if (factory === undefined || code === undefined) continue;
    addresses[nameOf(code)] = await contractAt(path, factory, operator).getFunction("implementation")();
  }
  return { addresses, missing: PLAN.filter((contract) => addresses[nameOf(contract)] === undefined) };
}

/** Adds the steps that create and list one contract. @returns its address */
function planContract(
  contract: PlannedContract,
  addresses: Record<string, string>,
  steps: Step[],
  addressAt: (step: number) => string,
): string {
  const { abi, bytecode } = readArtifact(contract.path);
  const name = nameOf(contract);
  const create = (what: string, data: string) => {
    steps.push({ what, to: null, data });
    return addressAt(steps.length - 1);
  };
  const inputs = contract.dependencies.map((dependency) => addresses[dependency]);
  let address = create(`${name} created`, concat([bytecode, new Interface(abi).encodeDeploy(inputs)]));
  if (contract.proxied) {
    const proxy = readArtifact("governance/SingletonProxy");
    const call = contract.initialised ? new Interface(abi).encodeFunctionData("initialise") : "0x";
    const creation = concat([proxy.bytecode, new Interface(proxy.abi).encodeDeploy([address, call])]);
    address = create(`${name} proxy created`, creation);
  }
  if (contract.name !== undefined) {
    const data = encode("governance/Directory", "register", [encodeBytes32String(name), address, abiDigest(abi)]);
    steps.push({ what: `${name} listed`, to: SYSTEM_ADDRESSES.Directory, data });
  }
  return address;
}

/** Prices that have not been published yet. A published price is Council's to change. */
async function priceSteps(operator: Signer, addresses: Record<string, string>): Promise<Step[]> {
  const quota = contractAt("quota/Quota", SYSTEM_ADDRESSES.Quota, operator);
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
    const data = encode("quota/Quota", "publishPrices", [group, selectors, points]);
    steps.push({ what: `prices of ${name} published`, to: SYSTEM_ADDRESSES.Quota, data });
  }
  return steps;
}

function groupAddress(group: string, addresses: Record<string, string>): string {
  if (group === "itself") return ZeroAddress;
  return addresses[group] ?? group;
}

async function sendAll(operator: Signer, first: number, steps: Step[], report: (what: string) => void): Promise<void> {
  const responses = [];
  for (const [index, { to, data }] of steps.entries()) {
    const gasLimit = to === null ? CREATION_GAS : CALL_GAS;
    responses.push(await operator.sendTransaction({ to, data, nonce: first + index, gasLimit, gasPrice: 0, type: 0 }));
  }
  for (const [index, response] of responses.entries()) {
    await response.wait();
    report(steps[index]?.what ?? "");
  }
}

function encode(path: string, name: string, values: unknown[]): string {
  return new Interface(readArtifact(path).abi).encodeFunctionData(name, values);
}

function contractAt(path: string, address: string, runner: Signer): Contract {
  return new Contract(address, readArtifact(path).abi, runner);
}

import { concat, encodeBytes32String, getCreate2Address, Interface, keccak256 } from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { nameOf, type PlannedContract } from "./plan.ts";

/** Reads what was built of a contract. */
export type Build = typeof readArtifact;

/** Code that Directory creates. */
export interface Creation {
  what: string;
  /** Where it will stand: it follows from code and salt (EIP-1014), not from who creates it or when. */
  address: string;
  code: string;
  salt: string;
}

/**
 * What has to be created for a contract of the plan: its code and, where it has one, its proxy. The last one's address
 * is the contract's.
 *
 * @param addresses of the contracts it depends on, by name
 */
export function creationsOf(
  contract: PlannedContract,
  addresses: Readonly<Record<string, string>>,
  build: Build = readArtifact,
): Creation[] {
  const name = nameOf(contract);
  const artifact = build(contract.path);
  const inputs = contract.dependencies.map((dependency) => addresses[dependency]);
  const code = creation(name, name, artifact, inputs);
  if (!contract.proxied) return [code];
  const call = contract.initialised ? new Interface(artifact.abi).encodeFunctionData("initialise") : "0x";
  const proxy = build("governance/SingletonProxy");
  return [code, creation(`${name} proxy`, name, proxy, [code.address, call])];
}

/** An implementation that is to stand behind a proxy, or any other code of a contract of the plan. */
export function creation(
  what: string,
  name: string,
  { abi, bytecode }: Pick<ReturnType<typeof readArtifact>, "abi" | "bytecode">,
  inputs: readonly unknown[],
): Creation {
  const salt = encodeBytes32String(name);
  const code = concat([bytecode, new Interface(abi).encodeDeploy(inputs)]);
  return { what, address: getCreate2Address(SYSTEM_ADDRESSES.Directory, salt, keccak256(code)), code, salt };
}

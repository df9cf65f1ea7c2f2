import { Contract, type ContractRunner } from "ethers";
import { readArtifact } from "../../src/chain/artifacts.node.ts";

/**
 * A contract of the platform, for scripts.
 * @param path folder and name below `contracts/`
 */
export function contractAt(path: string, address: string, runner: ContractRunner): Contract {
  return new Contract(address, readArtifact(path).abi, runner);
}

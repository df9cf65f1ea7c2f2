import { Contract, encodeBytes32String } from "ethers";
import { readArtifact } from "../../../src/chain/artifacts.node.ts";
import type { Call } from "../../../src/core/execution.ts";
import { digestOf } from "./actors.ts";
import { deployed, type Platform } from "./platform.ts";

/** Deploys `testing/OrderedTarget`, and lists it unless it is to stay a stranger. */
export async function listedTarget(p: Platform, listed = true): Promise<Contract> {
  const address = await deployed(p.operator, "testing/OrderedTarget", []);
  const name = encodeBytes32String("OrderedTarget");
  if (listed) await p.directory.connect(p.operator).register(name, address, digestOf("abi"));
  return new Contract(address, readArtifact("testing/OrderedTarget").abi, p.stranger);
}

/** A call of it. */
export async function targetCall(target: Contract, name: string, args: readonly unknown[] = []): Promise<Call> {
  return { target: await target.getAddress(), data: target.interface.encodeFunctionData(name, args) };
}

import type { BaseContract } from "ethers";
import { readFailure, revertData } from "../support/errors.ts";

/** How a caller is refused, or undefined when the call gets past the check or through. */
export async function refusalOf(contract: BaseContract, name: string, args: readonly unknown[], from: string) {
  try {
    await contract.getFunction(name).staticCall(...args, { from });
    return undefined;
  } catch (error) {
    const data = revertData(error);
    if (data === undefined) throw error;
    return readFailure(data).name;
  }
}

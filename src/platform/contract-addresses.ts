import { decodeBytes32String, Interface } from "ethers";
import { abi } from "../../generated/abi.ts";
import { RpcClient } from "../chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";

const MOST_NAMES = 1_000;

/** Every contract that Directory lists, by name, in the order of their registration. */
export async function readContractAddresses(url: string): Promise<Record<string, string>> {
  const rpc = new RpcClient(url);
  const directory = new Interface(abi.Directory);
  const call = (name: string, values: unknown[]) => ({
    method: "eth_call",
    params: [{ to: SYSTEM_ADDRESSES.Directory, data: directory.encodeFunctionData(name, values) }, "latest"],
  });
  try {
    const [listed] = (await rpc.all([call("names", [0, MOST_NAMES])])) as [string];
    const names: string[] = directory.decodeFunctionResult("names", listed)[0].toArray();
    const answers = (await rpc.all(names.map((name) => call("addressOf", [name])))) as string[];
    const addresses = answers.map((answer) => directory.decodeFunctionResult("addressOf", answer)[0] as string);
    return Object.fromEntries(names.map((name, index) => [decodeBytes32String(name), addresses[index] as string]));
  } finally {
    rpc.close();
  }
}

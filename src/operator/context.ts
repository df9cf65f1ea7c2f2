import { Contract, encodeBytes32String, Interface, type InterfaceAbi, ZeroAddress } from "ethers";
import { abi } from "../../generated/abi.ts";
import type { NodeRpc } from "../chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";
import { BropError } from "../core/errors.ts";
import type { ActContext, ContractName } from "./act-kind.ts";
import { NodeProvider } from "./node-provider.ts";

/** The chain for acts of these keys. `close` ends the provider, not the client. */
export function actContext(
  rpc: NodeRpc,
  chainId: number,
  operator: string,
  seat: string | undefined,
): ActContext & { close(): void } {
  const provider = new NodeProvider(rpc, chainId);
  const directory = new Contract(SYSTEM_ADDRESSES.Directory, abi.Directory as InterfaceAbi, provider);
  return {
    ...{ rpc, provider, operator, seat },
    async contract(name) {
      const known = SYSTEM_ADDRESSES[name as keyof typeof SYSTEM_ADDRESSES];
      const address: string = known ?? (await directory.getFunction("addressOf")(encodeBytes32String(name)));
      if (address === ZeroAddress) {
        const words = `The contract ${name} is not deployed on this network yet`;
        throw new BropError("service.unavailable", { contract: name }, words);
      }
      return new Contract(address, abi[name] as InterfaceAbi, provider);
    },
    close: () => provider.destroy(),
  };
}

const interfaces = new Map<ContractName, Interface>();

/** A contract's interface, read once. */
export function interfaceOf(name: ContractName): Interface {
  let known = interfaces.get(name);
  if (known === undefined) {
    known = new Interface(abi[name] as InterfaceAbi);
    interfaces.set(name, known);
  }
  return known;
}

import { getAddress, ZeroAddress } from "ethers";
import { type ContractAddresses, type ContractName, DIRECTORY_NAMES } from "../chain/contracts.ts";
import { ProvenNetwork } from "../chain/operation-end/proven-network.ts";
import type { RelayFault } from "../chain/relays/relay.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";
import { systemClock } from "../core/clock.ts";
import { addressInSlot, directorySlot } from "../core/directory-slots.ts";
import { BropError } from "../core/errors.ts";
import type { SealedTrust } from "../core/qbft/trust.ts";
import { askAt, Endpoints, type EndpointsOptions } from "./endpoints.ts";
import { candidates, findRpc } from "./find-rpc.ts";
import { SealedTransport } from "./sealed-transport.ts";

export interface SealedConnection {
  endpoints: Endpoints;
  transport: SealedTransport;
  addresses: ContractAddresses;
}

/**
 * Begins to work with a network of sealed blocks through access nodes that are not trusted: finds their JSON-RPC, leaves
 * those that belong to another network, and reads the contracts' addresses with proofs from Directory's storage.
 * @throws BropError `chain.unreachable` when no access node proves to be of the network
 */
export async function connectSealed(
  trust: SealedTrust,
  addresses: readonly string[],
  options: EndpointsOptions & { onRelayFault?: (fault: RelayFault) => void; patienceBlocks?: number },
): Promise<SealedConnection> {
  const { timeout, onRelayFault, patienceBlocks } = options;
  const transportOptions = timeout === undefined ? {} : { timeout };
  const urls = await Promise.all(
    addresses.map(async (address) => {
      const found = await findRpc(address, transportOptions).catch(refuseMalformed);
      // One that does not answer now may do so later.
      return found?.url ?? (candidates(address)[0] as string);
    }),
  );
  const endpoints = new Endpoints(urls, transportOptions);
  const onFault = (fault: RelayFault) => {
    if (fault.kind === "lied") endpoints.exclude(fault.url);
    onRelayFault?.(fault);
  };
  const relays = urls.map((url) => ({ url, ask: askAt(url, timeout) }));
  const patience = patienceBlocks === undefined ? {} : { patienceBlocks };
  const network = new ProvenNetwork({ trust, relays, clock: systemClock, onFault, ...patience });
  return { endpoints, transport: new SealedTransport(network), addresses: await readDirectory(network) };
}

async function readDirectory(network: ProvenNetwork): Promise<ContractAddresses> {
  const names = Object.entries(DIRECTORY_NAMES) as [ContractName, string][];
  const slots = names.map(([, listed]) => directorySlot(listed));
  const values = await network.prove((ask, header) =>
    network.chain.storage(ask, header, SYSTEM_ADDRESSES.Directory, slots),
  );
  const entries = names.map(([name, listed], index) => {
    const address = addressInSlot(values[index] ?? 0n);
    if (address === ZeroAddress) throw new BropError("chain.wrong", { reason: `Directory lists no ${listed}` });
    return [name, getAddress(address)];
  });
  return Object.fromEntries(entries) as ContractAddresses;
}

function refuseMalformed(error: unknown): undefined {
  if (error instanceof BropError && error.code === "request.invalid") throw error;
  return undefined;
}

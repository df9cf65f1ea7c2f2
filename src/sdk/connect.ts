import { encodeBytes32String, Interface, ZeroAddress } from "ethers";
import {
  type ContractAddresses,
  type ContractName,
  type Contracts,
  contractsAt,
  DIRECTORY_NAMES,
  type Voucher,
  voucherAt,
} from "../chain/contracts.ts";
import type { RelayFault } from "../chain/relays/relay.ts";
import type { ProvenReceipt } from "../chain/sealed-chain.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";
import { BropError } from "../core/errors.ts";
import { readTrust, type TrustDescription } from "../core/qbft/trust.ts";
import { Account, type OperationOptions } from "./account.ts";
import { connectSealed } from "./connect-sealed.ts";
import { Endpoints, type EndpointsOptions } from "./endpoints.ts";
import { candidates, type FoundRpc, findRpc } from "./find-rpc.ts";
import { OperationProvider } from "./operation-provider.ts";
import type { Owner } from "./owner.ts";
import { BropProvider } from "./provider.ts";
import { SealedTransport } from "./sealed-transport.ts";

export interface ConnectOptions {
  /** Further access nodes of the same network, asked in turn when one does not answer. */
  relays?: readonly string[];
  /** The network that is expected; any by default. */
  chainId?: number | bigint;
  /** Milliseconds between looks at the chain's height while something is awaited; 500 by default. */
  pollingInterval?: number;
  /** Longest wait for one answer, in milliseconds; 20,000 by default. */
  timeout?: number;
  /**
   * The network's genesis file, parsed, or a checkpoint: what the caller trusts in place of the access nodes. On a network
   * of sealed blocks every end of an operation is then proven. Without it the access nodes are believed: only right for a
   * node of one's own and for development.
   */
  trust?: TrustDescription;
  /** Told of each access node that lied, withheld something, was silent or censored an operation. */
  onRelayFault?: (fault: RelayFault) => void;
  /** Blocks without an end after which all access nodes are asked for an operation; 8 by default. */
  patienceBlocks?: number;
}

/** As `ConnectOptions`, with all access nodes in one list, of equal value. */
export interface RelayConnectOptions extends ConnectOptions {
  relays: readonly string[];
}

/** A connection to a BROP network. */
export class Brop {
  readonly provider: BropProvider;
  readonly chainId: bigint;
  readonly addresses: ContractAddresses;
  /** Typed contracts; reading through `provider`. To write, `connect` them to an account. */
  readonly contracts: Contracts;
  readonly #operations: OperationProvider;

  constructor(provider: BropProvider, addresses: ContractAddresses) {
    this.provider = provider;
    this.chainId = provider._network.chainId;
    this.addresses = addresses;
    this.contracts = contractsAt(addresses, provider);
    this.#operations = new OperationProvider(provider);
  }

  /** What access nodes did wrong so far, where a trusted start lets that be found out; oldest first. */
  get relayFaults(): readonly RelayFault[] {
    const { transport } = this.provider;
    return transport instanceof SealedTransport ? transport.network.relays.faults : [];
  }

  /**
   * Judges a receipt proof, such as the query interface gives with `proof=true`, by the validators of its height.
   * @param proof as it came, of any shape
   * @returns the receipt with its place; nothing in it is anybody's word
   * @throws BropError `proof.invalid`; `proof.unavailable` for a connection without a trusted start
   */
  async verifyReceiptProof(proof: unknown): Promise<ProvenReceipt> {
    const { transport } = this.provider;
    if (transport instanceof SealedTransport) return transport.verifyReceiptProof(proof);
    throw new BropError("proof.unavailable", { reason: "the connection has no trusted start: connect with `trust`" });
  }

  /** The contract of a voucher. */
  voucher(address: string): Voucher {
    return voucherAt(address, this.provider);
  }

  /**
   * An account as an ethers signer.
   * @param owner the key that operates it: any ethers signer, or an object that signs hashes
   */
  account(address: string, owner: Owner, options: OperationOptions = {}): Account {
    return new Account(this.#operations, address, owner, options);
  }

  /** Stops following operations and closes what is open. Operations that were sent go on. */
  close(): void {
    this.#operations.destroy();
    this.provider.destroy();
  }
}

/**
 * Connects to a BROP network and finds its contracts through Directory.
 *
 * @param target a platform's base URL, or the JSON-RPC URL of an access node or full node; or options that name several
 * @throws BropError `chain.unreachable`; `chain.wrong` for another network or none of BROP's; `request.invalid` for a
 * trusted start that can not be used
 *
 * @example const brop = await connect("http://127.0.0.1:8420");
 * @example const brop = await connect({ relays: ["https://one.example", "https://two.example"], trust: genesis });
 */
export async function connect(target: string | RelayConnectOptions, options: ConnectOptions = {}): Promise<Brop> {
  if (typeof target !== "string") {
    const [first, ...relays] = target.relays ?? [];
    if (first !== undefined) return connect(first, { ...target, relays });
    throw new BropError("request.invalid", { field: "relays", reason: "there are none" });
  }
  const { relays = [], pollingInterval = 500, timeout, trust } = options;
  const start = trust === undefined ? undefined : readTrust(trust);
  if (start !== undefined && options.chainId !== undefined && BigInt(options.chainId) !== start.chainId) {
    throw new BropError("chain.wrong", { chainId: start.chainId, expected: BigInt(options.chainId) });
  }
  if (start?.mode === "sealed") {
    const { endpoints, transport, addresses } = await connectSealed(start, [target, ...relays], options);
    return new Brop(new BropProvider(endpoints, start.chainId, pollingInterval, { transport }), addresses);
  }
  const transport = timeout === undefined ? {} : { timeout };
  return connectTrusting([target, ...relays], transport, pollingInterval, start?.chainId ?? options.chainId);
}

/** The access nodes are believed. */
async function connectTrusting(
  addresses: readonly string[],
  transport: EndpointsOptions,
  pollingInterval: number,
  expected: number | bigint | undefined,
): Promise<Brop> {
  const found = await Promise.all(addresses.map((address) => findRpc(address, transport).catch((error) => error)));
  const chainId = agreedChain(found, expected);
  // One that does not answer now may do so later.
  const urls = found.map((one, index) =>
    one instanceof BropError ? (candidates(addresses[index] as string)[0] as string) : one.url,
  );
  const endpoints = new Endpoints(urls, transport);
  const provider = new BropProvider(endpoints, chainId, pollingInterval);
  try {
    return new Brop(provider, await readDirectory(provider));
  } catch (error) {
    provider.destroy();
    throw error;
  }
}

function agreedChain(found: (FoundRpc | BropError)[], wanted: number | bigint | undefined): bigint {
  const reached = found.filter((one): one is FoundRpc => !(one instanceof BropError));
  const wrong = found.find((one) => one instanceof BropError && one.code !== "chain.unreachable");
  if (wrong !== undefined) throw wrong;
  const [first] = reached;
  if (first === undefined) throw found[0];
  const expected = wanted === undefined ? first.chainId : BigInt(wanted);
  for (const { url, chainId } of reached) {
    if (chainId !== expected) throw new BropError("chain.wrong", { url, chainId, expected });
  }
  return expected;
}

const directory = new Interface(["function addressOf(bytes32 name) view returns (address)"]);

async function readDirectory(provider: BropProvider): Promise<ContractAddresses> {
  const names = Object.entries(DIRECTORY_NAMES) as [ContractName, string][];
  const entries = names.map(async ([name, listed]) => [name, await addressOf(provider, listed)] as const);
  return Object.fromEntries(await Promise.all(entries)) as unknown as ContractAddresses;
}

async function addressOf(provider: BropProvider, name: string): Promise<string> {
  const data = directory.encodeFunctionData("addressOf", [encodeBytes32String(name)]);
  const answer = (await provider.ask("eth_call", [{ to: SYSTEM_ADDRESSES.Directory, data }, "latest"])) as string;
  if (answer === "0x") throw new BropError("chain.wrong", { reason: "there is no Directory on this chain" });
  const [address] = directory.decodeFunctionResult("addressOf", answer);
  if (address === ZeroAddress) throw new BropError("chain.wrong", { reason: `Directory lists no ${name}` });
  return address;
}

import { installFastKeccak } from "../chain/fast-keccak.node.ts";
import { type NodeRpc, RpcClient } from "../chain/rpc-client.ts";
import { LocalSigner } from "../chain/signing/local-signer.ts";
import { TransactionSigner } from "../chain/signing/transaction-signer.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import { Estimator } from "./bundler/estimator.ts";
import { Gateway } from "./gateway.ts";
import { HeadFeed } from "./head-feed.ts";
import type { RpcMethod } from "./json-rpc.ts";
import { estimateUserOperationGas } from "./methods/estimate-user-operation-gas.ts";
import { getOperationStatus } from "./methods/get-operation-status.ts";
import { getUserOperationByHash } from "./methods/get-user-operation-by-hash.ts";
import { getUserOperationReceipt } from "./methods/get-user-operation-receipt.ts";
import { sendUserOperation } from "./methods/send-user-operation.ts";
import { supportedEntryPoints } from "./methods/supported-entry-points.ts";
import { sendRawTransaction } from "./raw-transaction.ts";
import { LOG_RANGE_LIMIT, readMethods } from "./read-methods.ts";
import { createRelay } from "./relay.ts";
import { type RpcRoutesOptions, rpcRoutes } from "./routes.ts";
import { Subscriptions } from "./subscriptions.ts";

export interface AccessNodeOptions {
  /** JSON-RPC address of the chain's node, or the node itself. */
  rpc: string | NodeRpc;
  /** A migrated database. */
  db: Database;
  /**
   * Keys of this node's relay, as private keys `0x...` or as signers; Admission must know their addresses. The first one
   * is the node's own: operations are kept under its address.
   */
  relayKey: string | TransactionSigner | readonly (string | TransactionSigner)[];
  /** Milliseconds that a key's lease outlives a process that died. */
  leaseTime?: number;
  /** Whether the chain may lose its newest blocks; otherwise what is in a block is final. */
  development?: boolean;
  limits?: {
    /** Largest request, in bytes. */
    body?: number;
    /** Most calls in one batch. */
    batch?: number;
    /** Most blocks that one log search looks through. */
    logRange?: number;
    /** Most operations that wait at once: of all accounts, and of one. */
    pool?: number;
    sender?: number;
  };
  /** Milliseconds that operations gather before a bundle is built. */
  gather?: number;
  logger?: Logger;
  clock?: Clock;
}

/** What an access node is doing, for health checks and metrics. */
export interface AccessNodeStatus {
  /** False while the chain's node does not answer. */
  chainReachable: boolean;
  /** Height of the chain, and of the block up to which operations are followed. */
  head: number;
  followed: number;
  /** Operations without a definite end, and bundles that are in no block yet. */
  operations: number;
  bundles: number;
  /** True while another process holds this node's own key: it answers reads and takes no operations. */
  standingBy: boolean;
  /** The relay's keys. */
  keys: KeyStatus[];
}

/** One key of the relay. */
export interface KeyStatus {
  address: string;
  /** Whether it is this process's. */
  leased: boolean;
  /** Bundles in no block yet. */
  bundles: number;
  /** Transactions that it may still send in this period, as far as known. */
  allowance: number | undefined;
  /** Whether its bundles do not get into blocks. */
  stuck: boolean;
}

export interface AccessNode {
  gateway: Gateway;
  /** Address of its relay, the first one if it has several. */
  relay: string;
  /** Fastify plugin: JSON-RPC by POST and by WebSocket. */
  routes: typeof rpcRoutes;
  /** Options for `routes`. */
  routeOptions: RpcRoutesOptions;
  start(): Promise<void>;
  /** Takes nothing more in, finishes what was begun and stops. What was accepted is stored and goes on next time. */
  stop(): Promise<void>;
  status(): AccessNodeStatus;
}

/**
 * Puts an access node together: JSON-RPC for everybody and an ERC-4337 bundler (CH-2, CH-5).
 * @throws BropError `chain.unreachable`, `chain.wrong`
 */
export async function createAccessNode(options: AccessNodeOptions): Promise<AccessNode> {
  const { db, limits = {}, development = true, logger = silentLogger, clock = systemClock } = options;
  await installFastKeccak();
  const rpc = typeof options.rpc === "string" ? new RpcClient(options.rpc) : options.rpc;
  const { chainId, blockGasLimit } = await readChain(rpc);
  const head = new HeadFeed(rpc, { logger, clock });
  const { admission, keys, pool, intake, lookup, follower, care, duty } = createRelay({
    ...{ rpc, db, head, chainId, blockGasLimit, development, logger, clock: options.clock },
    signers: signersOf(options.relayKey),
    ...{ poolLimit: limits.pool, senderLimit: limits.sender },
    ...{ leaseTime: options.leaseTime, gather: options.gather },
  });
  const relay = keys.home.address;
  const own = keys.all.map(({ address }) => address);
  const subscriptions = new Subscriptions(rpc, head, logger);
  const methods = new Map<string, RpcMethod>([
    ...readMethods(rpc, () => head.number, limits.logRange ?? LOG_RANGE_LIMIT),
    ...subscriptions.methods,
    ["eth_sendRawTransaction", sendRawTransaction(rpc, admission, own)],
    ["eth_supportedEntryPoints", supportedEntryPoints],
    ["eth_sendUserOperation", sendUserOperation(intake)],
    ["eth_estimateUserOperationGas", estimateUserOperationGas(new Estimator(rpc, chainId), () => head.number)],
    ["eth_getUserOperationByHash", getUserOperationByHash(lookup)],
    ["eth_getUserOperationReceipt", getUserOperationReceipt(lookup)],
    ["brop_getOperationStatus", getOperationStatus(lookup)],
  ]);
  const gateway = new Gateway({ methods, logger, ...(limits.batch === undefined ? {} : { batchLimit: limits.batch }) });
  return {
    gateway,
    relay,
    routes: rpcRoutes,
    routeOptions: { gateway, ...(limits.body === undefined ? {} : { bodyLimit: limits.body }) },
    async start() {
      await head.start();
      await duty.start();
      logger.info({ relays: own, head: head.number, operations: pool.size }, "Access node started");
    },
    async stop() {
      subscriptions.stop();
      head.stop();
      await duty.stop();
      rpc.close();
    },
    status: () => ({
      chainReachable: head.reachable,
      head: head.number,
      followed: follower.block,
      operations: pool.size,
      bundles: care.outstanding,
      standingBy: !duty.begun,
      keys: keys.all.map((key) => ({
        address: key.address,
        leased: key.lease.held,
        bundles: key.outstanding,
        allowance: key.allowance?.transactions,
        stuck: key.isStuck(follower.block),
      })),
    }),
  };
}

function signersOf(relayKey: AccessNodeOptions["relayKey"]): TransactionSigner[] {
  const keys = typeof relayKey === "string" || relayKey instanceof TransactionSigner ? [relayKey] : relayKey;
  const signers = keys.map((key) => (typeof key === "string" ? new LocalSigner(key) : key));
  const addresses = new Set(signers.map(({ address }) => address));
  if (signers.length > 0 && addresses.size === signers.length) return signers;
  const reason = signers.length === 0 ? "an access node needs the key of a relay" : "a relay's key is given twice";
  throw new BropError("configuration.invalid", { setting: "relayKey", reason });
}

async function readChain(rpc: NodeRpc): Promise<{ chainId: bigint; blockGasLimit: number }> {
  const [chainId, block] = await rpc.all([
    { method: "eth_chainId" },
    { method: "eth_getBlockByNumber", params: ["latest", false] },
  ]);
  const gasLimit = Number((block as { gasLimit?: string } | null)?.gasLimit);
  if (typeof chainId !== "string" || !(gasLimit > 0)) throw new BropError("chain.wrong", { chainId });
  return { chainId: BigInt(chainId), blockGasLimit: gasLimit };
}

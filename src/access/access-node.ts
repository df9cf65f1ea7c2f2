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
import { ReadCache, type ReadCounts } from "./reads/read-cache.ts";
import { readMethods } from "./reads/read-methods.ts";
import { createRelay } from "./relay.ts";
import { type RpcRoutesOptions, rpcRoutes } from "./routes.ts";
import { type SocketLimits, Sockets } from "./socket.ts";
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
    /** Most blocks that one log search looks through, and most logs that it answers with. */
    logRange?: number;
    logResults?: number;
    /** Bytes of one answer of the chain's node to a read, and of all that are kept because they never change. */
    answer?: number;
    cache?: number;
    /** Of WebSocket connections. */
    sockets?: Partial<SocketLimits>;
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
  reads: ReadCounts;
  /** Calls that were answered with an error, by its code. */
  refusals: Record<string, number>;
  sockets: { open: number; cutOff: number; subscriptions: number };
  /** Bundles since the start, by the number of their operations; those that were sent again, and that a node refused. */
  bundleSizes: Record<string, number>;
  bundlesResent: number;
  bundlesRefused: number;
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

/** Bytes of the largest answer to a read. */
const LARGEST_ANSWER = 16 * 1_048_576;

/**
 * Puts an access node together: JSON-RPC for everybody and an ERC-4337 bundler (CH-2, CH-5).
 * @throws BropError `chain.unreachable`, `chain.wrong`
 */
export async function createAccessNode(options: AccessNodeOptions): Promise<AccessNode> {
  const { db, limits = {}, development = true, logger = silentLogger, clock = systemClock } = options;
  const { answer = LARGEST_ANSWER } = limits;
  await installFastKeccak();
  const rpc = typeof options.rpc === "string" ? new RpcClient(options.rpc) : options.rpc;
  const { chainId, blockGasLimit } = await readChain(rpc);
  const head = new HeadFeed(rpc, { logger, clock });
  const { admission, keys, pool, intake, lookup, follower, bundler, care, duty } = createRelay({
    ...{ rpc, db, head, chainId, blockGasLimit, development, logger, clock: options.clock },
    signers: signersOf(options.relayKey),
    ...{ poolLimit: limits.pool, senderLimit: limits.sender },
    ...{ leaseTime: options.leaseTime, gather: options.gather },
  });
  const relay = keys.home.address;
  const own = keys.all.map(({ address }) => address);
  // Connections of their own: what everybody reads does not keep the relay waiting.
  const reads = typeof options.rpc === "string" ? new RpcClient(options.rpc, { answerLimit: answer }) : rpc;
  const cache = new ReadCache({ rpc: reads, head, ...(limits.cache === undefined ? {} : { bytes: limits.cache }) });
  const subscriptions = new Subscriptions(rpc, head, logger);
  const methods = new Map<string, RpcMethod>([
    ...readMethods({
      ...{ read: (method, params) => cache.read(method, params), head: () => head.number },
      ...{ logRange: limits.logRange, logResults: limits.logResults },
    }),
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
  const body = limits.body === undefined ? {} : { body: limits.body };
  const sockets = new Sockets(gateway, { ...body, ...limits.sockets });
  return {
    gateway,
    relay,
    routes: rpcRoutes,
    routeOptions: { gateway, sockets, ...(limits.body === undefined ? {} : { bodyLimit: limits.body }) },
    async start() {
      await head.start();
      await duty.start();
      logger.info({ relays: own, head: head.number, operations: pool.size }, "Access node started");
    },
    async stop() {
      subscriptions.stop();
      cache.stop();
      head.stop();
      await duty.stop();
      rpc.close();
      if (reads !== rpc) reads.close();
    },
    status: () => ({
      chainReachable: head.reachable,
      head: head.number,
      followed: follower.block,
      operations: pool.size,
      bundles: care.outstanding,
      standingBy: !duty.begun,
      reads: cache.counts,
      refusals: gateway.refusals,
      sockets: { ...sockets.counts, subscriptions: subscriptions.size },
      bundleSizes: bundler.counts.read(),
      bundlesResent: care.counts.resent,
      bundlesRefused: care.counts.refused,
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

import { installFastKeccak } from "../chain/fast-keccak.node.ts";
import { type NodeRpc, RpcClient } from "../chain/rpc-client.ts";
import { LocalSigner } from "../chain/signing/local-signer.ts";
import type { TransactionSigner } from "../chain/signing/transaction-signer.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import { Admission } from "./admission.ts";
import { Bundler } from "./bundler/bundler.ts";
import { Estimator } from "./bundler/estimator.ts";
import { Follower } from "./bundler/follower.ts";
import { Intake } from "./bundler/intake.ts";
import { Lookup } from "./bundler/lookup.ts";
import { OperationPool } from "./bundler/operation-pool.ts";
import { PointsLedger } from "./bundler/points-ledger.ts";
import { RelaySigner } from "./bundler/relay-signer.ts";
import { Simulator } from "./bundler/simulator.ts";
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
import { type RpcRoutesOptions, rpcRoutes } from "./routes.ts";
import { Subscriptions } from "./subscriptions.ts";

export interface AccessNodeOptions {
  /** JSON-RPC address of the chain's node, or the node itself. */
  rpc: string | NodeRpc;
  /** A migrated database. */
  db: Database;
  /** Key of this node's relay, or its private key, `0x...`; Admission must know its address. */
  relayKey: TransactionSigner | string;
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
}

export interface AccessNode {
  gateway: Gateway;
  /** Address of its relay. */
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
  const { db, relayKey, limits = {}, logger = silentLogger, clock = systemClock } = options;
  await installFastKeccak();
  const rpc = typeof options.rpc === "string" ? new RpcClient(options.rpc) : options.rpc;
  const { chainId, blockGasLimit } = await readChain(rpc);
  const head = new HeadFeed(rpc, { logger, clock });
  const key = typeof relayKey === "string" ? new LocalSigner(relayKey) : relayKey;
  const signer = new RelaySigner(rpc, key, chainId);
  const relay = signer.address;
  const admission = new Admission(rpc, () => head.number);
  const pool = new OperationPool();
  const simulator = new Simulator(rpc, relay);
  const bundler: Bundler = new Bundler({
    ...{ rpc, db, pool, simulator, signer, blockGasLimit, logger, clock },
    ...(options.gather === undefined ? {} : { gather: options.gather }),
    followed: () => follower.block,
    allowanceLeft: () => admission.left(relay),
  });
  const follower: Follower = new Follower({ rpc, db, relay, clock, pool, bundler, head, logger });
  const lookup = new Lookup({ rpc, db, relay, chainId, pool, head: () => head.number });
  const intake = new Intake({
    ...{ rpc, db, relay, chainId, clock, pool, simulator },
    ...(limits.pool === undefined ? {} : { poolLimit: limits.pool }),
    ...(limits.sender === undefined ? {} : { senderLimit: limits.sender }),
    ledger: new PointsLedger(rpc, pool),
    followed: () => follower.block,
    isKnown: (hash) => lookup.isKnown(hash),
    onAccepted: () => bundler.schedule(),
  });
  const subscriptions = new Subscriptions(rpc, head, logger);
  const methods = new Map<string, RpcMethod>([
    ...readMethods(rpc, () => head.number, limits.logRange ?? LOG_RANGE_LIMIT),
    ...subscriptions.methods,
    ["eth_sendRawTransaction", sendRawTransaction(rpc, admission)],
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
      await follower.start();
      logger.info({ relay, head: head.number, operations: pool.size }, "Access node started");
    },
    async stop() {
      await intake.close();
      subscriptions.stop();
      head.stop();
      await follower.stop();
      await bundler.stop();
      rpc.close();
    },
    status: () => ({
      chainReachable: head.reachable,
      head: head.number,
      followed: follower.block,
      operations: pool.size,
      bundles: bundler.outstanding,
    }),
  };
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

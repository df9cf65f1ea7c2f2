import type { FastifyPluginAsync } from "fastify";
import type { Logger } from "pino";
import { type AccessNode, createAccessNode } from "../access/access-node.ts";
import { apiRoutes } from "../api/api-routes.ts";
import { SignIn } from "../api/sign-in/sign-in.ts";
import { ReceiptProofs } from "../chain/receipt-proofs.ts";
import type { RpcClient } from "../chain/rpc-client.ts";
import type { Config } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { readChain } from "../indexer/cursor.ts";
import { createIndexer, type Indexer, type IndexerStatus } from "../indexer/indexer.ts";
import { EventReader } from "../push/event-reader.ts";
import { Push } from "../push/push.ts";
import { pushRoutes } from "../push/routes.ts";
import { Retrieval } from "../retrieval/retrieval.ts";
import type { Database } from "../store/database.ts";
import { openReader } from "../store/open-database.ts";
import type { Uplink } from "../uplink/uplink.ts";
import { EndWaiter } from "../uplink/waiting.ts";
import { accessMeasurements } from "./access-measurements.ts";
import { Cleanup } from "./cleanup.ts";
import type { DataFolder } from "./data-folder.ts";
import { makeFirstApiKey } from "./first-api-key.ts";
import type { HealthCheck } from "./health.ts";
import { progressOf } from "./index-progress.ts";
import type { Measurement } from "./metrics.ts";
import { operatorMeasurement, startOperator } from "./operator.ts";
import type { Part } from "./parts.ts";
import type { Report } from "./report.ts";
import { relaySigners } from "./signers.ts";
import { startUplink, uplinkContext, uplinkMeasurements } from "./uplink.ts";

/** Blocks that the index may be behind and still answer usefully. */
const GREATEST_LAG = 5;

export interface ServicesOptions {
  config: Config;
  folder: DataFolder;
  parts: ReadonlySet<Part>;
  db: Database;
  rpc: RpcClient;
  chainUrl: string;
  /** Where this process listens. */
  url: string;
  /** Whether the chain may lose its newest blocks. */
  development: boolean;
  report: Report;
  logger: Logger;
  onFailure: (error: BropError) => void;
}

/** The parts that work on the chain and the database. */
export interface Services {
  plugins: FastifyPluginAsync[];
  checks: HealthCheck[];
  measurements: Measurement[];
  /** Resolves when the index, if this process makes it, holds a block. */
  caughtUp(block: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts push, indexer, access node and query interface as far as this process runs them. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { parts, db, rpc, report, logger } = options;
  const cleanup = new Cleanup();
  const services: Services = {
    plugins: [],
    checks: [chainCheck(rpc), databaseCheck(db)],
    measurements: [chainHead(rpc)],
    caughtUp: async () => undefined,
    stop: () => cleanup.run(),
  };
  let indexer: Indexer | undefined;
  let access: AccessNode | undefined;
  let uplink: Uplink | undefined;
  const waiter = new EndWaiter(db, systemClock);
  try {
    const push = parts.has("push") ? await report.step("Event push", () => startPush(options, cleanup)) : undefined;
    if (push !== undefined) services.plugins.push(push.routes);
    if (parts.has("indexer")) {
      const onIndexed = () => {
        push?.nudge();
        uplink?.nudge();
      };
      const started = await report.step("Indexer", () => startIndexer(options, cleanup, onIndexed));
      services.caughtUp = (block) =>
        report.step(
          "Index up to date",
          () => started.caughtUp(block),
          () => progressOf(started.status(), block),
        );
      services.checks.push(indexCheck(() => started.status()));
      services.measurements.push(indexedBlock(started));
      indexer = started;
    }
    if (parts.has("access")) {
      const started = await report.step("Access node", () => startAccess(options, cleanup));
      services.plugins.push(async (server) => {
        await server.register(started.routes, started.routeOptions);
      });
      services.measurements.push(...accessMeasurements(started, db));
      access = started;
    }
    if (parts.has("uplink")) {
      const gateway = access?.gateway;
      uplink = await report.step("Uplink", async () => startUplink(options, gateway, () => waiter.nudge(), cleanup));
      services.measurements.push(...uplinkMeasurements(db));
    }
    if (parts.has("api")) {
      await makeFirstApiKey(db, options.folder.apiKey);
      const allowPrivate = options.config.privateReceivers ?? options.development;
      const retrieval = await report.step("Retrieval", () => startRetrieval(options, cleanup));
      const signIn = signInOf(options);
      const { config, development, folder } = options;
      const part = logger.child({ part: "operator" });
      const operator = await startOperator({ config, keys: folder.keys, db, rpc, development, logger: part, cleanup });
      const subscriptionChanged = () => push?.nudge();
      const proofs = new ReceiptProofs((method, params) => rpc.call(method, params));
      const rates = { anonymous: config.anonymousRate, key: config.keyRate };
      const handOver = uplinkContext(options, waiter, retrieval, () => uplink?.nudge());
      services.plugins.push(
        apiRoutes({
          ...{ db, indexer, signIn, rates, retrieval, allowPrivate, subscriptionChanged, operator, uplink: handOver },
          receiptProof: (hash) => proofs.find(hash),
        }),
      );
      services.measurements.push(indexesBuilding(retrieval), operatorMeasurement(db));
      if (indexer === undefined) services.checks.push(indexCheck(() => statusFromDatabase(db, rpc)));
    }
  } catch (error) {
    await cleanup.run().catch((failure: unknown) => logger.error({ err: failure }, "A part did not stop"));
    throw error;
  }
  return services;
}

function signInOf({ config, db, rpc, url }: ServicesOptions): SignIn {
  const { chainId, publicUrl = url } = config;
  return new SignIn({ db, rpc, chainId, publicUrl, clock: systemClock });
}

/** Webhooks, and streams of events. */
async function startPush({ config, db, development, logger }: ServicesOptions, cleanup: Cleanup) {
  const { chainId, privateReceivers = development } = config;
  const push = new Push({ db, chainId, allowPrivate: privateReceivers, logger: logger.child({ part: "push" }) });
  const reader = new EventReader(db, systemClock);
  await reader.start();
  cleanup.add(() => reader.stop());
  await push.start();
  cleanup.add(() => push.stop());
  const routes: FastifyPluginAsync = async (server) => {
    await server.register(pushRoutes, { reader, chainId });
  };
  return {
    routes,
    nudge() {
      reader.nudge();
      push.nudge();
    },
  };
}

async function startIndexer(options: ServicesOptions, cleanup: Cleanup, onIndexed = () => {}): Promise<Indexer> {
  const { db, rpc, report, development, onFailure } = options;
  const before = (await readChain(db))?.block ?? -1;
  let stopping = false;
  const indexer = createIndexer({
    ...{ rpc, db, development, onIndexed, logger: options.logger.child({ part: "indexer" }) },
    onRewind: (block) => {
      const lost = stopping || before <= block ? "its newest blocks" : `blocks ${block + 1} to ${before}`;
      report.note(
        `The development chain lost ${lost} when it was killed. The index went back to block ${block}; ` +
          "operations that have not expired are sent again.",
      );
    },
  });
  await indexer.start();
  cleanup.add(() => {
    stopping = true;
    return indexer.stop();
  });
  // Rejects when the indexer ends: by itself only after an error that trying again does not mend.
  indexer.caughtUp(Number.MAX_SAFE_INTEGER).catch((error: unknown) => {
    if (!stopping) onFailure(BropError.from(error));
  });
  return indexer;
}

/** Business data of partners, and the making of its indexes. */
async function startRetrieval({ config, db, logger }: ServicesOptions, cleanup: Cleanup): Promise<Retrieval> {
  const reader = await openReader(db, config.databaseUrl);
  cleanup.add(() => reader.close());
  const retrieval = new Retrieval({ db, reader, clock: systemClock, logger: logger.child({ part: "retrieval" }) });
  retrieval.start();
  cleanup.add(() => retrieval.stop());
  return retrieval;
}

async function startAccess(options: ServicesOptions, cleanup: Cleanup) {
  const { config, folder, db, chainUrl, development, logger } = options;
  const relayKey = await relaySigners(config, folder.keys);
  const access = await createAccessNode({
    ...{ rpc: chainUrl, db, relayKey, development, logger: logger.child({ part: "access" }) },
  });
  await access.start();
  cleanup.add(() => access.stop());
  return access;
}

function chainCheck(rpc: RpcClient): HealthCheck {
  return {
    name: "chain",
    async fault() {
      await rpc.call("eth_blockNumber");
      return undefined;
    },
  };
}

function databaseCheck(db: Database): HealthCheck {
  return {
    name: "database",
    async fault() {
      await db.query("select 1", []);
      return undefined;
    },
  };
}

function indexCheck(status: () => IndexerStatus | Promise<IndexerStatus>): HealthCheck {
  return {
    name: "index",
    async fault() {
      const { head, indexed, running, error } = await status();
      if (!running) return error?.message ?? "the indexer does not run";
      const lag = (head ?? 0) - indexed;
      return lag > GREATEST_LAG ? `${lag} blocks behind the chain` : undefined;
    },
  };
}

/** How far another process has indexed: whether it runs shows in its progress only. */
async function statusFromDatabase(db: Database, rpc: RpcClient): Promise<IndexerStatus> {
  const [stored, head] = await Promise.all([readChain(db), rpc.call<string>("eth_blockNumber")]);
  const { chainId = null, block = -1 } = stored ?? {};
  return { chainId, head: Number(head), indexed: block, running: true, error: null };
}

function chainHead(rpc: RpcClient): Measurement {
  return {
    name: "brop_chain_head",
    help: "Newest block of the chain's node",
    read: async () => Number(await rpc.call<string>("eth_blockNumber")),
  };
}

function indexedBlock(indexer: Indexer): Measurement {
  return {
    name: "brop_indexed_block",
    help: "Newest block whose rows are in the database",
    read: () => indexer.status().indexed,
  };
}

function indexesBuilding(retrieval: Retrieval): Measurement {
  return {
    name: "brop_data_indexes_building",
    help: "Indexes of business data that are being made",
    read: () => retrieval.building(),
  };
}

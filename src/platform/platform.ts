import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { RpcClient } from "../chain/rpc-client.ts";
import type { Config } from "../config.ts";
import type { BropError } from "../core/errors.ts";
import { readChain } from "../indexer/cursor.ts";
import type { Database } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openDatabase } from "../store/open-database.ts";
import { ensureViews } from "../store/views/create-views.ts";
import { checkChain } from "./chain-check.ts";
import { Cleanup } from "./cleanup.ts";
import { type DataFolder, takeDataFolder } from "./data-folder.ts";
import { type DevelopmentNetwork, inspectNetwork, startNetwork } from "./development-chain.ts";
import { openLog } from "./logger.ts";
import { type Part, partsOf } from "./parts.ts";
import { type Port, takePort } from "./port.ts";
import type { Report } from "./report.ts";
import { openServer } from "./server.ts";
import { type Services, startServices } from "./services/services.ts";

/** A running platform, or the parts of it that this process runs. */
export interface Platform {
  /** Where it listens, for example `http://127.0.0.1:8420`; for the chain alone its JSON-RPC. */
  url: string;
  /** JSON-RPC of the chain's node behind it. */
  chainUrl: string;
  chainId: number;
  /** Absolute path of the data folder. */
  data: string;
  parts: ReadonlySet<Part>;
  /** The development network, when this process runs one. */
  network: DevelopmentNetwork | undefined;
  /** Finishes what was begun, closes everything and gives the data folder back. */
  stop(): Promise<void>;
}

export interface PlatformOptions {
  config: Config;
  report: Report;
  /** Ends a start that is under way; what was done stays and is gone on with next time. */
  signal: AbortSignal;
  /** Called when a running part ends without being asked to: the platform should be stopped. */
  onFailure: (error: BropError) => void;
}

/**
 * Starts the platform. What can refuse a start is looked at first, so that a refused one changes nothing.
 *
 * @throws BropError `configuration.invalid`, `data.locked`, `data.not-writable`, `port.taken`, `data.damaged`,
 * `data.newer`, `chain.wrong`, `chain.unreachable`, `service.unavailable` when the database server does not answer
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const cleanup = new Cleanup();
  try {
    return await start(options, cleanup);
  } catch (error) {
    await cleanup.run().catch(() => undefined);
    throw error;
  }
}

async function start({ config, report, signal, onFailure }: PlatformOptions, cleanup: Cleanup): Promise<Platform> {
  const parts = partsOf(config);
  const folder = takeDataFolder(config.data, [...parts]);
  let started = false;
  cleanup.add(() => folder.release(!started));
  const port = await openPort(config, cleanup);
  const known = parts.has("chain") ? await inspectNetwork(folder, config.chainId) : undefined;
  const db = await openStore(config, parts, folder, report, cleanup);
  signal.throwIfAborted();

  const { logger, close } = openLog(config.logLevel, config.log === "file" ? folder.log : undefined);
  cleanup.add(close);
  const network = parts.has("chain")
    ? await startNetwork({
        ...{ config, folder, known, report, signal, onCrash: onFailure },
        indexed: db !== undefined && (await readChain(db)) !== undefined,
        ...(port === undefined && config.port !== 0 ? { port: config.port } : {}),
      })
    : undefined;
  if (network !== undefined) cleanup.add(() => network.stop());
  const chainUrl = network?.url ?? (config.rpcUrl as string);
  const rpc = new RpcClient(chainUrl);
  cleanup.add(() => rpc.close());
  const chain = await checkChain(rpc, config.chainId);
  signal.throwIfAborted();

  if (db !== undefined && port !== undefined) {
    const services = await startServices({
      ...{ config, folder, parts, db, rpc, chainUrl, url: port.url, report, logger, onFailure },
      development: chain.development,
    });
    cleanup.add(() => services.stop());
    await serve({ port, parts, folder, services, logger, cleanup, config });
    await services.caughtUp(chain.head);
  }
  signal.throwIfAborted();
  started = true;
  logger.info({ parts: [...parts], chainId: config.chainId, url: port?.url ?? chainUrl }, "Platform started");
  return {
    ...{ url: port?.url ?? chainUrl, chainUrl, chainId: config.chainId, data: folder.root, parts, network },
    async stop() {
      logger.info("Platform stops");
      await cleanup.run();
    },
  };
}

/** The development chain alone is its own server on the port. */
async function openPort(config: Config, cleanup: Cleanup): Promise<Port | undefined> {
  if (config.role === "chain") return undefined;
  const port = await takePort(config.host, config.port);
  cleanup.add(() => port.close());
  return port;
}

async function openStore(
  { databaseUrl }: Config,
  parts: ReadonlySet<Part>,
  folder: DataFolder,
  report: Report,
  cleanup: Cleanup,
): Promise<Database | undefined> {
  if (!["access", "indexer", "push", "uplink", "api"].some((part) => parts.has(part as Part))) return undefined;
  const title = databaseUrl === undefined ? "Embedded database" : "Database";
  return report.step(title, async () => {
    const db = await openDatabase(databaseUrl === undefined ? { directory: folder.database } : { url: databaseUrl });
    cleanup.add(() => db.close());
    await migrate(db);
    await ensureViews(db);
    return db;
  });
}

interface Serving {
  port: Port;
  parts: ReadonlySet<Part>;
  folder: DataFolder;
  services: Services;
  logger: Logger;
  cleanup: Cleanup;
  config: Config;
}

async function serve({ port, parts, folder, services, logger, cleanup, config }: Serving): Promise<void> {
  const stopping = new AbortController();
  const server = await openServer({
    ...{ trustedProxies: config.trustedProxies, stopping: stopping.signal },
    ...{ port, logger, checks: services.checks, measurements: services.measurements, plugins: services.plugins },
    ...(parts.has("api") ? { site: {}, documents: folder.documents } : {}),
  });
  // Requests end before the parts that answer them. Who sends new ones elsewhere is told first.
  cleanup.add(async () => {
    stopping.abort();
    await sleep(config.drainDelay * 1_000);
    await Promise.all([server.close(), port.close()]);
  });
}

import { randomBytes } from "node:crypto";
import type { FastifyPluginAsync } from "fastify";
import { timestampAuthorityRoutes } from "../../api/timestamp-authority/routes.ts";
import type { RpcClient } from "../../chain/rpc-client.ts";
import { type Config, SETTINGS } from "../../config.ts";
import { systemClock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { digestWith } from "../../core/timestamp/algorithms.ts";
import { takeSerialBlock } from "../../store/queries/timestamps/serials.ts";
import { TimestampAuthority } from "../../timestamp/authority/authority.ts";
import { developmentIdentity } from "../../timestamp/authority/development-identity.ts";
import { type Identity, openIdentity } from "../../timestamp/authority/identity.ts";
import { SerialNumbers } from "../../timestamp/authority/serial-numbers.ts";
import { TokenWriter } from "../../timestamp/authority/token-writer.ts";
import { type TimedBlock, WatchedClock } from "../../timestamp/authority/watched-clock.ts";
import type { Measurement } from "../metrics.ts";
import type { ServicesOptions } from "./options.ts";

/** Without a new block for so long the clock can not be compared, in milliseconds; longer where blocks are rare. */
const PATIENCE = 60_000;
const PATIENCE_BLOCKS = 4;

/** The platform's own time-stamping authority, as it runs in this process. */
export interface StartedAuthority {
  authority: TimestampAuthority;
  routes: FastifyPluginAsync;
  measurements: Measurement[];
}

/**
 * Starts the platform's own time-stamping authority (EV-2): with the certificate and key of the settings; on a
 * development chain without them with those of the data folder, which are made at the first start.
 *
 * @returns undefined where there is none
 * @throws BropError as `openIdentity`; `configuration.invalid` for a certificate without a key, or a key without
 */
export async function startTimestampAuthority(options: ServicesOptions): Promise<StartedAuthority | undefined> {
  const { config, db, rpc, cleanup } = options;
  const identity = await identityOf(options);
  if (identity === undefined) return undefined;
  const logger = options.logger.child({ part: "timestamp-authority" });
  const clock = new WatchedClock({
    ...{ clock: systemClock, steady: () => performance.now(), drift: config.tsaDrift * 1_000, logger },
    patience: Math.max(PATIENCE, PATIENCE_BLOCKS * config.blockTime * 1_000),
    newestBlock: () => newestBlock(rpc),
  });
  const { certificates, signer } = identity;
  const { tsaPolicy: policy, tsaAccuracy: accuracy } = config;
  const own = await digestWith("SHA-256", certificates[0] as Uint8Array);
  const serials = new SerialNumbers({ takeBlock: () => takeSerialBlock(db, own), random: randomBytes });
  const writer = new TokenWriter({ signer, certificates, policy, accuracy });
  const authority = new TimestampAuthority({ certificates, policy, writer, serials, clock, logger });
  clock.start();
  cleanup.add(() => clock.stop());
  return {
    authority,
    routes: async (server) => {
      await server.register(timestampAuthorityRoutes, { authority, rate: config.tsaRate });
    },
    measurements: authorityMeasurements(authority),
  };
}

async function identityOf({ config, development, folder }: ServicesOptions): Promise<Identity | undefined> {
  const { tsaCertificate: certificate, tsaKey: key } = config;
  if (certificate !== undefined && key !== undefined) return openIdentity({ certificate, key });
  if (certificate !== undefined || key !== undefined) throw halfGiven(config);
  return development ? developmentIdentity(folder.timestampAuthority, Date.now()) : undefined;
}

function halfGiven({ tsaKey }: Config): BropError {
  const { tsaCertificate, tsaKey: keySetting } = SETTINGS;
  const [has, lacks] = tsaKey === undefined ? [tsaCertificate, keySetting] : [keySetting, tsaCertificate];
  const reason = `an authority needs both: set ${lacks.environment} too`;
  return new BropError("configuration.invalid", { setting: has.environment, reason });
}

async function newestBlock(rpc: RpcClient): Promise<TimedBlock> {
  const block = await rpc.call<{ number: string; timestamp: string }>("eth_getBlockByNumber", ["latest", false]);
  return { number: Number(block.number), time: Number(block.timestamp) * 1_000 };
}

function authorityMeasurements(authority: TimestampAuthority): Measurement[] {
  return [
    {
      name: "brop_timestamp_answers_total",
      counter: true,
      help: "Answers of the platform's own time-stamping authority since the start, by what came of the request",
      label: "outcome",
      read: () => ({ ...authority.outcomes }),
    },
    {
      name: "brop_timestamp_authority_ready",
      help: "1 while the authority gives tokens; 0 while its clock can not be relied on, or its certificate is not valid",
      read: () => Number(authority.fault === undefined),
    },
    {
      name: "brop_timestamp_certificate_expiry_seconds",
      help: "When the authority's certificate runs out, seconds since 1970",
      read: () => authority.notAfter.getTime() / 1_000,
    },
  ];
}

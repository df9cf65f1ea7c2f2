import { randomBytes } from "node:crypto";
import type { OperatorDesk, TimestampDesk } from "../../api/context.ts";
import type { RpcClient } from "../../chain/rpc-client.ts";
import { SETTINGS } from "../../config.ts";
import { systemClock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex, hexToBytes } from "../../core/hex.ts";
import { attachBlockToken } from "../../operator/acts/authorities.ts";
import { requestAct } from "../../operator/request.ts";
import type { Database } from "../../store/database.ts";
import { KeyLease } from "../../store/key-lease.ts";
import { authorityOfCertificate } from "../../store/queries/timestamps/authority-of-certificate.ts";
import { countTimestamps, lastBlockStamp, type TimestampRow } from "../../store/queries/timestamps/timestamps.ts";
import type { TimestampAuthority } from "../../timestamp/authority/authority.ts";
import { readCertificates } from "../../timestamp/authority/identity.ts";
import { BlockStamps, type HeadBlock } from "../../timestamp/block-stamps.ts";
import { httpAuthority } from "../../timestamp/client/http-authority.ts";
import { TimestampClient } from "../../timestamp/client/timestamp-client.ts";
import { attachmentKey } from "../../timestamp/keep-stamp.ts";
import type { Measurement } from "../metrics.ts";
import type { ServicesOptions } from "./options.ts";

/** In the name of whom acts are asked for. */
const REQUESTER = "platform";
const LEASE = "block-time-stamps";

/**
 * Starts what asks time-stamping authorities (EV-2): the outside one of the settings, which also stamps blocks again and
 * again; without one the platform's own stamps records.
 *
 * @returns without a desk where there is no authority at all
 * @throws BropError `configuration.invalid` for an outside authority without certificates to trust; as `readCertificates`
 */
export async function startTimestamps(
  options: ServicesOptions,
  own: TimestampAuthority | undefined,
  operator: OperatorDesk | undefined,
): Promise<{ desk: TimestampDesk | undefined; measurements: Measurement[] }> {
  const { config, db } = options;
  const { timestampUrl: url, timestampTrust: trust, tsaDrift } = config;
  const now = () => systemClock.now();
  const terms = { random: randomBytes, now, tolerance: tsaDrift * 1_000 };
  if (url === undefined) {
    const measurements = stampMeasurements(db, undefined);
    if (own === undefined) return { desk: undefined, measurements };
    const client = new TimestampClient({ ...terms, ask: (request) => own.answer(request), trusted: own.certificates });
    return { desk: { client, now }, measurements };
  }
  if (trust === undefined) {
    const reason = `an outside authority is believed by its certificate: set ${SETTINGS.timestampTrust.environment} too`;
    throw new BropError("configuration.invalid", { setting: SETTINGS.timestampUrl.environment, reason });
  }
  const client = new TimestampClient({ ...terms, ask: httpAuthority(url), trusted: await readCertificates(trust) });
  const stamps = config.timestampInterval === 0 ? undefined : await startBlockStamps(options, client, operator);
  return { desk: { client, now }, measurements: stampMeasurements(db, stamps) };
}

async function startBlockStamps(
  { config, db, rpc, logger: platformLogger, cleanup }: ServicesOptions,
  client: TimestampClient,
  operator: OperatorDesk | undefined,
): Promise<BlockStamps> {
  const logger = platformLogger.child({ part: "timestamps" });
  const lease = new KeyLease({ db, key: LEASE, logger });
  await lease.start();
  cleanup.add(() => lease.stop());
  const stamps = new BlockStamps({
    ...{ db, clock: systemClock, client, logger, interval: config.timestampInterval * 1_000 },
    head: () => headBlock(rpc),
    isOurs: () => lease.held,
    attach: (row) => attach(db, operator, row),
  });
  stamps.start();
  cleanup.add(() => stamps.stop());
  return stamps;
}

async function attach(
  db: Database,
  operator: OperatorDesk | undefined,
  row: TimestampRow,
): Promise<number | undefined> {
  const authority = await authorityOfCertificate(db, row.certificate_digest);
  if (operator === undefined || authority === undefined) return undefined;
  const input = {
    ...{ blockNumber: row.block_number, authority, tokenDigest: bytesToHex(row.token_digest) },
    time: Math.floor(row.stated_at / 1_000),
  };
  const by = {
    ...{ id: REQUESTER, role: "operator", account: null, tenant: REQUESTER, requestId: attachmentKey(row) },
    idempotencyKey: attachmentKey(row),
  };
  // What the platform does by its settings needs nobody's confirmation.
  const terms = { needsConfirmation: false, now: systemClock.now() };
  const { act } = await requestAct(db, operator.at, attachBlockToken, input, by, terms);
  operator.nudge();
  return act.id;
}

async function headBlock(rpc: RpcClient): Promise<HeadBlock> {
  const block = await rpc.call<{ number: string; hash: string; timestamp: string }>("eth_getBlockByNumber", [
    ...["latest", false],
  ]);
  return { number: Number(block.number), hash: hexToBytes(block.hash), time: Number(block.timestamp) * 1_000 };
}

function stampMeasurements(db: Database, stamps: BlockStamps | undefined): Measurement[] {
  return [
    {
      name: "brop_timestamps",
      help: "Time stamps that are kept, by what they stamp",
      label: "kind",
      read: () => countTimestamps(db),
    },
    {
      name: "brop_last_block_timestamp_seconds",
      help: "When a block was last stamped by the outside authority, seconds since 1970",
      async read() {
        const last = await lastBlockStamp(db);
        return last === undefined ? undefined : last / 1_000;
      },
    },
    {
      name: "brop_block_timestamp_failing",
      help: "1 while blocks can not be stamped",
      read: () => Number(stamps?.failure !== undefined),
    },
  ];
}

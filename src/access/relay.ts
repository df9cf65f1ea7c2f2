import type { NodeRpc } from "../chain/rpc-client.ts";
import type { TransactionSigner } from "../chain/signing/transaction-signer.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Database } from "../store/database.ts";
import { Admission } from "./admission.ts";
import { BackPressure } from "./bundler/back-pressure.ts";
import { BundleCare } from "./bundler/bundle-care.ts";
import { Bundler } from "./bundler/bundler.ts";
import { Follower } from "./bundler/follower.ts";
import { bundleGasBudget } from "./bundler/gas.ts";
import { Intake } from "./bundler/intake.ts";
import { Lookup } from "./bundler/lookup.ts";
import { OperationPool } from "./bundler/operation-pool.ts";
import { PointsLedger } from "./bundler/points-ledger.ts";
import { RelayKeys } from "./bundler/relay-keys.ts";
import { Simulator } from "./bundler/simulator.ts";
import { Duty } from "./duty.ts";
import type { HeadFeed } from "./head-feed.ts";

export interface RelayOptions {
  rpc: NodeRpc;
  db: Database;
  signers: readonly TransactionSigner[];
  head: HeadFeed;
  chainId: bigint;
  blockGasLimit: number;
  development: boolean;
  leaseTime: number | undefined;
  poolLimit: number | undefined;
  senderLimit: number | undefined;
  gather: number | undefined;
  clock: Clock | undefined;
  logger: Logger;
}

/** The parts of an access node that take operations and bring them into blocks. */
export interface Relay {
  admission: Admission;
  keys: RelayKeys;
  pool: OperationPool;
  intake: Intake;
  lookup: Lookup;
  follower: Follower;
  bundler: Bundler;
  care: BundleCare;
  duty: Duty;
}

/** Puts the parts together; `duty` starts and stops them. */
export function createRelay(options: RelayOptions): Relay {
  const { rpc, db, signers, head, chainId, blockGasLimit, development, leaseTime, logger } = options;
  const clock = options.clock ?? systemClock;
  const followed = () => follower.block;
  const admission = new Admission(rpc, () => head.number);
  const keys = new RelayKeys({ db, signers, admission, leaseTime, clock: options.clock, logger });
  const relay = keys.home.address;
  const pool = new OperationPool();
  const simulator = new Simulator(rpc, relay);
  const care = new BundleCare({ rpc, db, pool, keys, followed, logger });
  const bundler = new Bundler({
    ...{ rpc, db, chainId, pool, simulator, keys, care, followed, blockGasLimit, logger, clock },
    ...(options.gather === undefined ? {} : { gather: options.gather }),
  });
  const follower: Follower = new Follower({
    ...{ rpc, db, keys, clock, pool, bundler, head, development, logger },
    onRewind: () => lookup.forget(),
  });
  const lookup = new Lookup({ rpc, db, relay, chainId, pool, head: () => head.number });
  const { poolLimit, senderLimit } = options;
  const intake = new Intake({
    ...{ rpc, db, home: keys.home, chainId, clock, pool, simulator, followed },
    pressure: new BackPressure({ pool, keys, followed, poolLimit, senderLimit }),
    ledger: new PointsLedger(rpc, pool),
    bundleGas: bundleGasBudget(blockGasLimit),
    isKnown: (hash) => lookup.isKnown(hash),
    onAccepted: () => bundler.schedule(),
    onUnsure: () => follower.readAgain(),
  });
  const duty = new Duty({ keys, pool, intake, follower, bundler, care, clock, logger });
  return { admission, keys, pool, intake, lookup, follower, bundler, care, duty };
}

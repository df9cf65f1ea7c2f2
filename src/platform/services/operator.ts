import type { OperatorDesk } from "../../api/context.ts";
import type { NodeRpc } from "../../chain/rpc-client.ts";
import type { Config } from "../../config.ts";
import { BropError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import { Operator } from "../../operator/operator.ts";
import type { Database } from "../../store/database.ts";
import { countActs } from "../../store/queries/operator/acts.ts";
import type { Cleanup } from "../cleanup.ts";
import type { Measurement } from "../metrics.ts";
import { operatorSigner, seatSigner } from "../signers.ts";
import type { SigningCounts } from "./signing-measurements.ts";

interface OperatorStart {
  config: Config;
  /** Folder of keys. */
  keys: string;
  db: Database;
  rpc: NodeRpc;
  development: boolean;
  logger: Logger;
  cleanup: Cleanup;
  signing: SigningCounts;
}

/**
 * Starts what carries out the operator's acts. A process without the operator's key has none: its routes say so.
 *
 * @throws BropError as the signers do, but for a key that is not there
 */
export async function startOperator(options: OperatorStart): Promise<OperatorDesk | undefined> {
  const { config, keys, db, rpc, development, logger, cleanup, signing } = options;
  const signer = await operatorSigner(config, keys).catch((error: unknown) => {
    if (error instanceof BropError && error.code === "key.not-found") return undefined;
    throw error;
  });
  if (signer === undefined) return undefined;
  const seat = await seatSigner(config);
  const operator = new Operator({
    ...{ db, rpc, chainId: config.chainId, development, logger },
    operator: signing.count(signer),
    seat: seat && signing.count(seat),
  });
  await operator.start();
  cleanup.add(() => operator.stop());
  return { at: operator.at, needsConfirmation: config.operatorConfirmation, nudge: () => operator.nudge() };
}

/** Acts by state, for /metrics. */
export function operatorMeasurement(db: Database): Measurement {
  return {
    name: "brop_operator_acts",
    help: "Acts that were asked of the operator's keys, by state",
    label: "state",
    read: async () => Object.fromEntries((await countActs(db)).map(({ state, count }) => [state, count])),
  };
}

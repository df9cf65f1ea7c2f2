import type { Random } from "../random.ts";

/** How often something goes wrong, each between 0 and 1. */
export interface FaultRates {
  /** A process is killed at one of the moments in which it waits for something. */
  kill: number;
  /** The node is not reached, or reached and its answer is lost. */
  rpcUnreachable: number;
  rpcLost: number;
  /** One answer is an error of the node's. */
  rpcError: number;
  /** The answer is that of a node some blocks behind. */
  rpcStale: number;
  /** The answer takes seconds. */
  rpcSlow: number;
  /** A statement fails, before or after it took effect. */
  dbQuery: number;
  /** A commit fails, before or after it took effect. */
  dbCommit: number;
  dbSlow: number;
  /** The node's pool loses a transaction, in each block. */
  poolLoss: number;
  /** A block comes seconds late. */
  lateBlock: number;
}

/** Which faults one run has: some kinds often, some seldom, some not at all, so that runs differ in kind. */
export function chooseRates(random: Random): FaultRates {
  const rate = (most: number) => most * random.pick([0, 0, 0.1, 0.3, 1]);
  return {
    kill: rate(0.008),
    rpcUnreachable: rate(0.1),
    rpcLost: rate(0.15),
    rpcError: rate(0.1),
    rpcStale: rate(0.25),
    rpcSlow: rate(0.1),
    dbQuery: rate(0.08),
    dbCommit: rate(0.2),
    dbSlow: rate(0.05),
    poolLoss: rate(0.3),
    lateBlock: rate(0.2),
  };
}

/** What a driver says when the database's server ends the connection. */
export function connectionLost(): Error {
  return Object.assign(new Error("terminating connection due to administrator command"), { code: "57P01" });
}

import type { BundleReason } from "./reasons.ts";

/**
 * What a bundle states, in this order; those that a claim has nothing to do with are left out.
 * - `format`: the file is a sound bundle
 * - `network`: it is of the trusted network
 * - `blocks`: each of its blocks was sealed by a quorum of the validators of its height; tries show what it holds of them
 * - `contract`: the contract of the event is the one that Directory lists
 * - `event`: the contract said what is claimed; or the block is the one that is claimed
 * - `batch`: the record is in the anchored batch
 * - `content`: the data are those that were recorded
 * - `status`: the record stood, or had been revoked, as of a later block
 * - `certification`: who had certified the owner as of the block
 * - `timestamp`: an outside authority vouches for the time
 */
export type StatementName =
  | "format"
  | "network"
  | "blocks"
  | "contract"
  | "event"
  | "batch"
  | "content"
  | "status"
  | "certification"
  | "timestamp";

/**
 * - `proven`
 * - `unsealed`: true if the blocks are, and nobody sealed them: a development chain
 * - `missing`: the bundle, or whoever verifies it, did not bring what it takes
 * - `failed`: it is shown to be false, or not shown as the form demands
 */
export type StatementState = "proven" | "unsealed" | "missing" | "failed";

export interface Statement {
  name: StatementName;
  state: StatementState;
  /** Why it is not proven. */
  reason?: BundleReason;
  /** For people, in English. */
  detail?: string;
  /** What is proven, by names. JSON-safe. */
  facts: Readonly<Record<string, unknown>>;
}

/** As `StatementState`; `missing` where one of the statements that the claim rests on is. */
export type VerdictState = StatementState;

export interface Verdict {
  state: VerdictState;
  /** Why the whole is not proven: that of the statement which decides. */
  reason?: BundleReason;
  statements: readonly Statement[];
  /** Newest block that the bundle shows; it says nothing about later ones. */
  asOf?: number;
  chainId?: number;
}

/** Statements that may be left out of a bundle: that they are missing takes nothing from the others. */
const OPTIONAL: readonly StatementName[] = ["content", "status", "certification", "timestamp"];
/** The worst first. */
const STATES: readonly StatementState[] = ["failed", "missing", "unsealed"];

/** Sums statements up: the worst of those that count decides. */
export function sumUp(statements: readonly Statement[]): Pick<Verdict, "state" | "reason"> {
  const counted = statements.filter(({ name, state }) => state !== "missing" || !OPTIONAL.includes(name));
  for (const state of STATES) {
    const worst = counted.find((statement) => statement.state === state);
    if (worst !== undefined) return worst.reason === undefined ? { state } : { state, reason: worst.reason };
  }
  return { state: "proven" };
}

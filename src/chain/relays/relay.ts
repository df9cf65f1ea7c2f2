/** Sends one JSON-RPC call; throws what the relay answered as an error, or that it did not answer. */
export type Ask = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** An access node or full node that carries operations and answers questions. Whatever it says is a claim. */
export interface Relay {
  readonly url: string;
  readonly ask: Ask;
}

/**
 * What a relay did wrong.
 * - `lied`: it said what mathematics shows to be false. It is not asked again.
 * - `withheld`: it did not show what must be there: an operation whose serial is used, a change of validators.
 * - `silent`: it did not answer, or its chain stands still.
 * - `censored`: it took an operation and did not include it in time, and gave no reason.
 */
export type RelayFaultKind = "lied" | "withheld" | "silent" | "censored";

export interface RelayFault {
  /** The relay. */
  url: string;
  kind: RelayFaultKind;
  /** What it said or did not, in words. */
  reason: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Hash of the operation that it was about, where it was about one. */
  operation?: string;
}

/** What a relay must have and does not show. */
export class WithheldError extends Error {
  readonly operation: string | undefined;

  constructor(reason: string, operation?: string) {
    super(reason);
    this.name = "WithheldError";
    this.operation = operation;
  }
}

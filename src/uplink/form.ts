import type { Call } from "../core/execution.ts";

/** Data that a caller's key asks to be kept beside its digest. */
export interface DataToKeep {
  /** Name of the schema that it follows. */
  schema: string;
  digest: string;
  data: unknown;
}

/** What somebody wants done on the chain, in the words of the chain: what every form of request becomes. */
export interface Form {
  /** 'operation', 'record', 'voucher-transfer', ... */
  kind: string;
  calls: readonly Call[];
  /** What follows from it in the form's own words, for example the record's identifier. JSON. */
  content: Record<string, unknown>;
  keep?: readonly DataToKeep[];
}

/**
 * Keeps business data, in the transaction that stores the submission.
 * @throws BropError why the data is not of the schema
 */
export type KeepData = (
  tx: import("../store/database.ts").Database,
  tenant: string,
  schema: string,
  digest: string,
  data: unknown,
) => Promise<void>;

/** Gas limits that a caller names. */
export interface GivenGas {
  callGasLimit?: bigint | undefined;
  verificationGasLimit?: bigint | undefined;
  preVerificationGas?: bigint | undefined;
}

/** How an operation is to be made. */
export interface Terms {
  /** The account that acts, with its checksum. */
  account: string;
  /** Blocks from now until it can no longer be included. */
  deadlineBlocks?: number | undefined;
  /** The serial that it was signed with, or shall have. */
  nonce?: bigint | undefined;
  gas?: GivenGas | undefined;
  /** With it, nothing is left to do for the caller. Needs the nonce and all of the gas, which it covers. */
  signature?: string | undefined;
}

/** Who hands something over. */
export interface Caller {
  /** Whose it is. */
  tenant: string;
  /** The key that is used. */
  principal: string;
}

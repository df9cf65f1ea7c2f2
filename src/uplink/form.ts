import type { BropError } from "../core/errors.ts";
import type { Call } from "../core/execution.ts";
import type { Database } from "../store/database.ts";

/** Data that a caller's request asks to be kept beside its digest. */
export interface DataToKeep {
  /** Name of the schema that it follows. */
  schema: string;
  digest: string;
  /** Account whose record stands for it. */
  owner: string;
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
 * Keeps business data of one schema, in the transaction that stores the submissions.
 * @returns for each why it can not be kept: then the transaction has to be taken back
 */
export type KeepData = (
  tx: Database,
  tenant: string,
  schema: string,
  rows: readonly DataToKeep[],
) => Promise<(BropError | undefined)[]>;

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

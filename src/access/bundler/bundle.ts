import type { PoolEntry } from "./operation-pool.ts";

/** A relay's transaction that is stored and in no followed block yet. */
export interface Bundle {
  readonly hash: string;
  /** Address of the relay. */
  readonly relay: string;
  readonly nonce: number;
  /** The signed bytes, `0x...`; undefined: stored before they were kept. */
  readonly raw: string | undefined;
  readonly entries: readonly PoolEntry[];
  /** Gas limit of the transaction; 0: not known any more. */
  readonly gas: number;
  /** Height when it was first sent. */
  readonly since: number;
  /** Height when the node was last known to have it; -1: not known to have it. */
  knownAt: number;
  /** Just being sent. */
  sending: boolean;
  /** Its operations were given to other keys, since it does not get on. */
  released: boolean;
}

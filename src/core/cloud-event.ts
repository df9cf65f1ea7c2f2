import { type EventPosition, eventId } from "./event-position.ts";

/** One event as it is told: CloudEvents 1.0 in JSON, with extensions for where it stands on the chain. */
export interface CloudEvent {
  readonly specversion: "1.0";
  /** The same event always has the same id. */
  readonly id: string;
  /** The chain: `/chains/8420`. */
  readonly source: string;
  /** `brop.` and the type that filters use. */
  readonly type: string;
  /** Address of the contract that said it; for blocks and operations that expired there is none. */
  readonly subject?: string;
  /** The block's time. */
  readonly time: string;
  readonly datacontenttype: "application/json";
  readonly data: Readonly<Record<string, unknown>>;
  readonly blocknumber: number;
  readonly logindex: number;
  readonly transactionhash?: string;
}

/** An event as the store keeps it. */
export interface StoredEvent extends EventPosition {
  readonly type: string;
  /** 0x and digits, as the others. */
  readonly contract: string | null;
  readonly transaction: string | null;
  readonly blockHash: string;
  /** The block's time, seconds. */
  readonly timestamp: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export function cloudEvent(event: StoredEvent, chainId: number): CloudEvent {
  const { type, contract, transaction, blockHash, timestamp, data, block, log } = event;
  return {
    specversion: "1.0",
    id: eventId(event, blockHash),
    source: `/chains/${chainId}`,
    type: `brop.${type}`,
    ...(contract === null ? {} : { subject: contract }),
    time: new Date(timestamp * 1_000).toISOString(),
    datacontenttype: "application/json",
    data,
    blocknumber: block,
    logindex: log,
    ...(transaction === null ? {} : { transactionhash: transaction }),
  };
}

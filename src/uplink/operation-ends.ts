import type {
  DisplacedOperation,
  EndingOperation,
  ExpiredOperation,
  IncludedOperation,
  OperationReceipt,
} from "../chain/operation-end/operation-ends.ts";

/** What the uplink needs of an end: of the receipt no more than the gas. */
export type UplinkEnd =
  | (Omit<IncludedOperation, "receipt"> & { receipt: Pick<OperationReceipt, "gasUsed"> })
  | ExpiredOperation
  | DisplacedOperation;

/** Where the uplink reads operations' ends. Every `OperationEnds` is one. */
export interface UplinkEnds {
  find(operations: readonly EndingOperation[]): Promise<Map<string, UplinkEnd>>;
}

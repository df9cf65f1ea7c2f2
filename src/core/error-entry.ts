/** What one error code means on every interface: HTTP, JSON-RPC, command line and site. */
export interface ErrorEntry {
  /** HTTP status (RFC 9110). */
  readonly httpStatus: number;
  /** JSON-RPC 2.0, EIP-1474 or ERC-7769 code. */
  readonly rpcCode: number;
  /** What happened; the same for every occurrence (RFC 9457). */
  readonly title: string;
  /** What the reader can do about it. */
  readonly remedy: string;
  readonly titleZh: string;
  readonly remedyZh: string;
}

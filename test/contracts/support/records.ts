import { ZeroHash } from "ethers";
import { digestOf } from "./actors.ts";

/** Multicodec codes of the algorithms that Records knows. */
export const ALGORITHM = { sha256: 0x12, sha3: 0x16, sha512_256: 0x1015, sm3: 0x534d } as const;

/** What `Records.record` takes. */
export interface RecordInput {
  digest: string;
  algorithm: number;
  kind: number;
  subject: string;
  businessKey: string;
  refersTo: string;
}

/** A record of some data that only has a name. */
export function recordOf(name: string, changes: Partial<RecordInput> = {}): RecordInput {
  const digest = digestOf(name);
  return {
    digest,
    algorithm: ALGORITHM.sha256,
    kind: 0,
    subject: ZeroHash,
    businessKey: ZeroHash,
    refersTo: ZeroHash,
    ...changes,
  };
}

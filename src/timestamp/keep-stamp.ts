import { bytesToHex, hexToBytes } from "../core/hex.ts";
import { digestWith } from "../core/timestamp/algorithms.ts";
import type { Database } from "../store/database.ts";
import {
  insertTimestamp,
  STAMPED_KINDS,
  type StampedKind,
  type TimestampRow,
} from "../store/queries/timestamps/timestamps.ts";
import type { Stamp } from "./client/timestamp-client.ts";

/** What was stamped. */
export interface StampedObject {
  kind: StampedKind;
  /** Identifier of the record, or hash of the block. */
  object: Uint8Array;
  block?: number;
  /** As the authority was given it. */
  digest: Uint8Array;
}

/** Keeps a checked token. @returns its row */
export async function keepStamp(
  db: Database,
  { kind, object, block, digest }: StampedObject,
  { token, verified }: Stamp,
  now: number,
): Promise<TimestampRow> {
  const { authority, policy, serial, time, accuracy } = verified;
  const row = {
    token_digest: await digestWith("SHA-256", token),
    ...{ kind: STAMPED_KINDS[kind], object, block_number: block ?? null, digest, token, policy },
    ...{ certificate_digest: hexToBytes(authority.certificateDigest), certificate: authority.certificate },
    ...{ serial: serial.toString(), stated_at: time.getTime(), accuracy: accuracy ?? null, stored_at: now, act: null },
  };
  await insertTimestamp(db, row);
  return row;
}

/** The name by which an act of the operator for a token is known. */
export const attachmentKey = ({ token_digest }: Pick<TimestampRow, "token_digest">): string =>
  `timestamp-${bytesToHex(token_digest).slice(2)}`;

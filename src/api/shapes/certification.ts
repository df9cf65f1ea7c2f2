import type { CertificationRow } from "../../store/queries/certifications.ts";
import { orNull, toAddress, toHex, toTime } from "../format.ts";
import { address, blockNumber, described, flag, hash, nullable, objectOf, oneOf, time, whole } from "../schema.ts";

/** As Certifications.Status counts; a superseded one is an earlier version here. */
const STATUSES = ["none", "active", "suspended", "revoked"] as const;

export const certificationSchema = objectOf({
  account: address,
  certifier: address,
  level: described(whole, "Row of the level table"),
  status: oneOf(STATUSES.slice(1)),
  responsible: described(flag, "Whether the certifier answers for the account's evidence (level Anonymous)"),
  issuedAt: time,
  expiresAt: described(time, "First moment in which it is no longer live"),
  digest: described(hash, "SSZ root of the salted identity fields"),
  ground: nullable(described(hash, "Digest of the ground of the suspension, resumption or revocation")),
  blockNumber: described(blockNumber, "Block from which this holds"),
  endedBlock: nullable(described(blockNumber, "Block from which another state holds; null: it still holds")),
  transactionHash: hash,
});

export function showCertification(row: CertificationRow) {
  return {
    account: toAddress(row.account),
    certifier: toAddress(row.certifier),
    level: row.level,
    status: STATUSES[row.status] as string,
    responsible: row.responsible,
    issuedAt: toTime(row.issued_at),
    expiresAt: toTime(row.expires_at),
    digest: toHex(row.digest),
    ground: orNull(row.ground, toHex),
    blockNumber: row.from_block,
    endedBlock: row.to_block,
    transactionHash: toHex(row.transaction_hash),
  };
}

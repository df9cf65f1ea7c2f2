import type { SignatureRow } from "../../store/queries/legal-documents.ts";
import type { PartnerRow } from "../../store/queries/partners.ts";
import type { RecognitionRow } from "../../store/queries/recognitions.ts";
import { orNull, toAddress, toHex, toTime } from "../format.ts";
import {
  address,
  blockNumber,
  described,
  hash,
  listOf,
  nullable,
  objectOf,
  oneOf,
  text,
  time,
  whole,
} from "../schema.ts";
import { showSignature, signatureSchema } from "./legal-document.ts";

/** As Partners.Status counts. */
const STATUSES = ["none", "admitted", "suspended", "terminated"] as const;
/** Bits of PartnerPermissions, from the lowest. */
const PERMISSIONS = ["identity", "evidence", "vouchers", "custody"] as const;

export const partnerStatusSchema = oneOf(STATUSES.slice(1));

const partnerMembers = {
  address,
  name: text,
  status: partnerStatusSchema,
  permissions: listOf(oneOf(PERMISSIONS)),
  admissionParty: address,
  document: described(text, "Legal document under which it was admitted"),
  admittedBlock: blockNumber,
  admittedAt: time,
  ground: nullable(described(hash, "Digest of the order or ground of the last change of status")),
};

export const recognitionSchema = objectOf({
  partner: address,
  recognised: address,
  fromLevel: described(whole, "Lowest level that is accepted"),
  blockNumber,
});

export const partnerSchema = objectOf(partnerMembers);
export const partnerDetailSchema = objectOf({
  ...partnerMembers,
  signatures: listOf(signatureSchema, "Legal documents that it signed, newest first"),
  recognises: listOf(recognitionSchema),
  recognisedBy: listOf(recognitionSchema),
});

export function showPartnerStatus(status: number): string {
  return STATUSES[status] as string;
}

export function showPartner(row: PartnerRow) {
  return {
    address: toAddress(row.partner),
    name: row.name,
    status: showPartnerStatus(row.status),
    permissions: PERMISSIONS.filter((_, bit) => (row.permissions & (1 << bit)) !== 0),
    admissionParty: toAddress(row.admission_party),
    document: row.document,
    admittedBlock: row.admitted_block,
    admittedAt: toTime(row.admitted_at),
    ground: orNull(row.ground, toHex),
  };
}

export function showRecognition(row: RecognitionRow) {
  return {
    partner: toAddress(row.partner),
    recognised: toAddress(row.recognised),
    fromLevel: row.from_level,
    blockNumber: row.from_block,
  };
}

interface Surroundings {
  signatures: readonly SignatureRow[];
  recognises: readonly RecognitionRow[];
  recognisedBy: readonly RecognitionRow[];
}

export function showPartnerDetail(row: PartnerRow, { signatures, recognises, recognisedBy }: Surroundings) {
  return {
    ...showPartner(row),
    signatures: signatures.map(showSignature),
    recognises: recognises.map(showRecognition),
    recognisedBy: recognisedBy.map(showRecognition),
  };
}

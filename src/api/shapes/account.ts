import { formatAccountId } from "../../core/account-id.ts";
import type { AccountNameRow } from "../../store/queries/account-names.ts";
import type { AccountDetailRow, AccountRow } from "../../store/queries/accounts.ts";
import type { CertificationRow } from "../../store/queries/certifications.ts";
import type { PartnerRow } from "../../store/queries/partners.ts";
import { orNull, toAddress, toHex, toTime } from "../format.ts";
import {
  address,
  blockNumber,
  bytes,
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
import { certificationSchema, showCertification } from "./certification.ts";
import { partnerStatusSchema, showPartnerStatus } from "./partner.ts";

const accountMembers = {
  address,
  accountId: described(text, "Printed account ID, with its check digit"),
  creator: described(address, "Partner or admission party that created it"),
  createdAt: time,
  blockNumber,
  transactionHash: hash,
};

export const accountSchema = objectOf(accountMembers);

export const accountDetailSchema = objectOf({
  ...accountMembers,
  level: described(whole, "Strongest live certification level, 0 for none"),
  certifications: listOf(certificationSchema),
  name: nullable(
    objectOf(
      { name: text, kind: oneOf(["certified", "custom"]), certifier: nullable(address) },
      "The name that the account agreed to show; certified: as in the documents by which it was identified",
    ),
  ),
  partner: nullable(objectOf({ name: text, status: partnerStatusSchema }, "Null: it is no partner's account")),
  signer: described(bytes, "Key that operates the account, as ERC-7913 writes it"),
  quotaClass: nullable(described(whole, "Class given to this account; null: the class of its level")),
  sponsor: nullable(described(address, "Partner whose points are used first")),
});

export function showAccount(row: AccountRow) {
  return {
    address: toAddress(row.address),
    accountId: formatAccountId(row.number),
    creator: toAddress(row.creator),
    createdAt: toTime(row.timestamp),
    blockNumber: row.block_number,
    transactionHash: toHex(row.transaction_hash),
  };
}

interface Surroundings {
  level: number;
  certifications: readonly CertificationRow[];
  partner: PartnerRow | undefined;
  name: AccountNameRow | undefined;
}

export function showAccountDetail(row: AccountDetailRow, { level, certifications, partner, name }: Surroundings) {
  return {
    ...showAccount(row),
    level,
    certifications: certifications.map(showCertification),
    name: name === undefined ? null : showName(name),
    partner: partner === undefined ? null : { name: partner.name, status: showPartnerStatus(partner.status) },
    signer: toHex(row.signer),
    quotaClass: row.class,
    sponsor: orNull(row.sponsor, toAddress),
  };
}

function showName({ name, kind, certifier }: AccountNameRow) {
  return { name, kind: kind === 1 ? "certified" : "custom", certifier: orNull(certifier, toAddress) };
}

import { accessManager } from "./access-manager.ts";
import { account, accountFactory } from "./account-factory.ts";
import { accountNames } from "./account-names.ts";
import { admission } from "./admission.ts";
import { agreements } from "./agreements.ts";
import { batchAnchors } from "./batch-anchors.ts";
import { certifications } from "./certifications.ts";
import { byTopic, type ContractEvents, type Handler } from "./contract-events.ts";
import { council } from "./council.ts";
import { custodyProofs } from "./custody-proofs.ts";
import { directory } from "./directory.ts";
import { entryPoint } from "./entry-point.ts";
import { hostedFiles } from "./hosted-files.ts";
import { keyResets } from "./key-resets.ts";
import { legalDocuments } from "./legal-documents.ts";
import { orders } from "./orders.ts";
import { partners } from "./partners.ts";
import { quota } from "./quota.ts";
import { records } from "./records.ts";
import { redemptions } from "./redemptions.ts";
import { settlements } from "./settlements.ts";
import { timestampAuthorities } from "./timestamp-authorities.ts";
import { upgrades } from "./upgrades.ts";
import { validatorSet } from "./validator-set.ts";
import { voucher } from "./voucher.ts";
import { voucherFactory } from "./voucher-factory.ts";
import { voucherHolding } from "./voucher-holding.ts";
import { voucherSupervision } from "./voucher-supervision.ts";

/** Every event that is indexed, by the contract's name in Directory; accounts and vouchers are many. */
export const EVENTS = {
  EntryPoint: entryPoint,
  AccessManager: accessManager,
  ValidatorSet: validatorSet,
  Directory: { ...directory, ...upgrades },
  Council: { ...council, ...upgrades },
  Admission: { ...admission, ...upgrades },
  Quota: { ...quota, ...upgrades },
  Orders: { ...orders, ...upgrades },
  AccountFactory: { ...accountFactory, ...upgrades },
  Account: account,
  AccountNames: { ...accountNames, ...upgrades },
  KeyResets: { ...keyResets, ...upgrades },
  Partners: { ...partners, ...upgrades },
  Certifications: { ...certifications, ...upgrades },
  LegalDocuments: { ...legalDocuments, ...upgrades },
  Records: { ...records, ...upgrades },
  BatchAnchors: { ...batchAnchors, ...upgrades },
  Agreements: { ...agreements, ...upgrades },
  HostedFiles: { ...hostedFiles, ...upgrades },
  TimestampAuthorities: { ...timestampAuthorities, ...upgrades },
  VoucherFactory: { ...voucherFactory, ...upgrades },
  Voucher: { ...voucher, ...voucherHolding, ...voucherSupervision },
  Redemptions: { ...redemptions, ...upgrades },
  Settlements: { ...settlements, ...upgrades },
  CustodyProofs: { ...custodyProofs, ...upgrades },
} as const satisfies Record<string, ContractEvents>;

export const HANDLERS: Readonly<Record<string, ReadonlyMap<string, Handler>>> = Object.fromEntries(
  Object.entries(EVENTS).map(([contract, events]) => [contract, byTopic(events)]),
);

import { account, accountFactory } from "./account-factory.ts";
import { admission } from "./admission.ts";
import { certifications } from "./certifications.ts";
import { byTopic, type ContractEvents, type Handler } from "./contract-events.ts";
import { council } from "./council.ts";
import { directory } from "./directory.ts";
import { entryPoint } from "./entry-point.ts";
import { legalDocuments } from "./legal-documents.ts";
import { partners } from "./partners.ts";
import { quota } from "./quota.ts";
import { records } from "./records.ts";
import { voucher } from "./voucher.ts";
import { voucherFactory } from "./voucher-factory.ts";

/** Every event that is indexed, by the contract's name in Directory; accounts and vouchers are many. */
export const EVENTS = {
  EntryPoint: entryPoint,
  Directory: directory,
  Council: council,
  Admission: admission,
  Quota: quota,
  AccountFactory: accountFactory,
  Account: account,
  Partners: partners,
  Certifications: certifications,
  LegalDocuments: legalDocuments,
  Records: records,
  VoucherFactory: voucherFactory,
  Voucher: voucher,
} as const satisfies Record<string, ContractEvents>;

export const HANDLERS: Readonly<Record<string, ReadonlyMap<string, Handler>>> = Object.fromEntries(
  Object.entries(EVENTS).map(([contract, events]) => [contract, byTopic(events)]),
);

import { get, pathOf } from "./client.ts";
import type {
  AccountDetail,
  Agreement,
  AgreementDetail,
  BatchDetail,
  Block,
  BlockDetail,
  Certification,
  EvidenceRecord,
  FlowDay,
  Hit,
  Holder,
  Holding,
  LegalDocument,
  Operation,
  Order,
  Page,
  Partner,
  PartnerDetail,
  Recognition,
  Redemption,
  RegistryObject,
  Seals,
  Status,
  TimelineLink,
  TimestampToken,
  Transfer,
  Validator,
  Voucher,
} from "./types.ts";

// One function a question. All throw BropError (see `get`).

type Signal = AbortSignal | undefined;

export interface PageOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

export interface RecordFilter extends PageOptions {
  readonly digest?: string;
  readonly owner?: string;
  readonly object?: string;
  readonly subject?: string;
}

export const status = (signal?: Signal) => get<Status>("/status", {}, signal);

export const search = (q: string, signal?: Signal) => get<Page<Hit>>("/search", { q }, signal);

export const blocks = (options: PageOptions, signal?: Signal) => get<Page<Block>>("/blocks", { ...options }, signal);

export const block = (number: string, signal?: Signal) => get<BlockDetail>(pathOf("blocks", number), {}, signal);

export const records = (filter: RecordFilter, signal?: Signal) =>
  get<Page<EvidenceRecord>>("/records", { ...filter }, signal);

export const record = (id: string, signal?: Signal) => get<EvidenceRecord>(pathOf("records", id), {}, signal);

export const object = (id: string, signal?: Signal) => get<RegistryObject>(pathOf("objects", id), {}, signal);

export const timeline = (id: string, options: PageOptions, signal?: Signal) =>
  get<Page<TimelineLink>>(pathOf("objects", id, "timeline"), { ...options }, signal);

export const account = (id: string, signal?: Signal) => get<AccountDetail>(pathOf("accounts", id), {}, signal);

/** Certifications of an account, as they stood at the end of block `at`. */
export const certifications = (id: string, at: number | undefined, signal?: Signal) =>
  get<Page<Certification>>(pathOf("accounts", id, "certifications"), { at }, signal);

export const accountRecords = (id: string, options: PageOptions, signal?: Signal) =>
  get<Page<EvidenceRecord>>(pathOf("accounts", id, "records"), { ...options }, signal);

export const holdings = (id: string, options: PageOptions, signal?: Signal) =>
  get<Page<Holding>>(pathOf("accounts", id, "vouchers"), { ...options }, signal);

export const partners = (options: PageOptions, signal?: Signal) =>
  get<Page<Partner>>("/partners", { ...options }, signal);

export const partner = (address: string, signal?: Signal) =>
  get<PartnerDetail>(pathOf("partners", address), {}, signal);

export const vouchers = (options: PageOptions & { readonly issuer?: string }, signal?: Signal) =>
  get<Page<Voucher>>("/vouchers", { ...options }, signal);

export const voucher = (address: string, signal?: Signal) => get<Voucher>(pathOf("vouchers", address), {}, signal);

export const holders = (address: string, options: PageOptions, signal?: Signal) =>
  get<Page<Holder>>(pathOf("vouchers", address, "holders"), { ...options }, signal);

export const transfers = (address: string, options: PageOptions, signal?: Signal) =>
  get<Page<Transfer>>(pathOf("vouchers", address, "transfers"), { ...options }, signal);

export const operation = (hash: string, signal?: Signal) => get<Operation>(pathOf("operations", hash), {}, signal);

/** What moved of a voucher on each of the last days. */
export const flows = (address: string, days: number, signal?: Signal) =>
  get<{ readonly items: readonly FlowDay[] }>(pathOf("vouchers", address, "flows"), { days }, signal);

export const redemptions = (voucher: string, options: PageOptions, signal?: Signal) =>
  get<Page<Redemption>>("/redemptions", { voucher, ...options }, signal);

export const recognitions = (options: PageOptions, signal?: Signal) =>
  get<Page<Recognition>>("/recognitions", { ...options }, signal);

export const documents = (options: PageOptions, signal?: Signal) =>
  get<Page<LegalDocument>>("/documents", { ...options }, signal);

export const seals = (block: number | string, signal?: Signal) =>
  get<Seals>(pathOf("blocks", block, "seals"), {}, signal);

/** Who keeps the books, as of the end of block `at`. */
export const validators = (at?: number, signal?: Signal) =>
  get<{ readonly needed: number; readonly items: readonly Validator[] }>("/validators", { at }, signal);

export const agreements = (options: PageOptions, signal?: Signal) =>
  get<Page<Agreement>>("/agreements", { ...options }, signal);

export const agreement = (id: string, signal?: Signal) => get<AgreementDetail>(pathOf("agreements", id), {}, signal);

export const orders = (options: PageOptions, signal?: Signal) => get<Page<Order>>("/orders", { ...options }, signal);

export const order = (number: string, signal?: Signal) => get<Order>(pathOf("orders", number), {}, signal);

export const batch = (id: string, signal?: Signal) => get<BatchDetail>(pathOf("batches", id), {}, signal);

/** Tokens of outside time authorities on a record, batch or block. */
export const timestampTokens = (object: string, signal?: Signal) =>
  get<Page<TimestampToken>>("/timestamp-tokens", { object }, signal);

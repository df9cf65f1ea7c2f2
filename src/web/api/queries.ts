import { get, pathOf } from "./client.ts";
import type {
  AccountDetail,
  Block,
  BlockDetail,
  Certification,
  EvidenceRecord,
  Hit,
  Holder,
  Holding,
  Operation,
  Page,
  Partner,
  PartnerDetail,
  RegistryObject,
  Status,
  TimelineLink,
  Transfer,
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

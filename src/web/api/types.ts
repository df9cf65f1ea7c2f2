/**
 * What the query interface (`/v1`) answers, as far as the site shows it. Hashes and addresses are `0x` hexadecimal, times
 * ISO 8601, amounts base units in decimal.
 */

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; null on the last one. */
  readonly next: string | null;
}

export interface Status {
  readonly chainId: number;
  readonly genesisHash: string;
  readonly head: number;
  readonly indexedHead: number;
  readonly counts: {
    readonly records: number;
    readonly objects: number;
    readonly accounts: number;
    readonly partners: number;
    readonly vouchers: number;
  };
}

export interface Block {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: string;
  readonly proposer: string;
  readonly transactionCount: number;
  readonly gasUsed: number;
}

export interface Transaction {
  readonly hash: string;
  readonly transactionIndex: number;
  readonly sender: string;
  readonly recipient: string | null;
  readonly success: boolean;
  readonly gasUsed: number;
}

export interface BlockDetail extends Block {
  readonly transactions: readonly Transaction[];
}

export type RecordStatus = "valid" | "revoked" | "superseded";

export interface EvidenceRecord {
  readonly id: string;
  readonly owner: string;
  readonly digest: string;
  /** Name of the digest's algorithm, for example "sha2-256". */
  readonly algorithm: string;
  readonly kind: number;
  readonly subject: string | null;
  readonly responsible: string | null;
  readonly businessKey: string | null;
  readonly refersTo: string | null;
  readonly recordedAt: string;
  readonly blockNumber: number;
  readonly transactionHash: string;
  readonly status: RecordStatus;
  readonly supersededBy: string | null;
  readonly reason: string | null;
}

export interface RegistryObject {
  readonly id: string;
  readonly owner: string;
  readonly key: string;
  readonly length: number;
  readonly head: string | null;
  readonly openedAt: string;
  readonly blockNumber: number;
  readonly writers: readonly string[];
}

export interface TimelineLink {
  readonly position: number;
  readonly previous: string | null;
  readonly digest: string;
  readonly record: EvidenceRecord;
}

export type CertificationStatus = "active" | "suspended" | "revoked" | "superseded";

export interface Certification {
  readonly account: string;
  readonly certifier: string;
  readonly level: number;
  readonly status: CertificationStatus;
  readonly responsible: boolean;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly digest: string;
  readonly blockNumber: number;
  /** Block from which another state holds; null: it still holds. */
  readonly endedBlock: number | null;
}

export type PartnerStatus = "admitted" | "suspended" | "terminated";

export interface Account {
  readonly address: string;
  /** Printed account ID. */
  readonly accountId: string;
  readonly creator: string;
  readonly createdAt: string;
  readonly blockNumber: number;
}

/** Name that an account agreed to show. */
export interface AccountName {
  readonly name: string;
  /** certified: as in the documents by which the certifier identified the account. */
  readonly kind: "certified" | "custom";
  readonly certifier: string | null;
}

export interface AccountDetail extends Account {
  readonly level: number;
  readonly name: AccountName | null;
  readonly certifications: readonly Certification[];
  readonly partner: { readonly name: string; readonly status: PartnerStatus } | null;
}

export interface Partner {
  readonly address: string;
  readonly name: string;
  readonly status: PartnerStatus;
  readonly permissions: readonly string[];
  readonly admissionParty: string;
  readonly document: string;
  readonly admittedBlock: number;
}

export interface LegalSignature {
  readonly document: string;
  readonly version: number;
  readonly digest: string;
  readonly signedDigest: string;
  readonly location: string;
  readonly signedAt: string;
  readonly blockNumber: number;
}

export interface Recognition {
  readonly partner: string;
  readonly recognised: string;
  readonly fromLevel: number;
}

export interface PartnerDetail extends Partner {
  readonly signatures: readonly LegalSignature[];
  readonly recognises: readonly Recognition[];
  readonly recognisedBy: readonly Recognition[];
}

export interface Voucher {
  readonly address: string;
  readonly name: string;
  readonly symbol: string;
  readonly product: string;
  readonly issuer: string;
  readonly decimals: number;
  readonly cap: string;
  readonly circulating: string;
  /** Accounts that hold some. */
  readonly holders: number;
  readonly holderLevel: number;
  readonly legalCategory: string;
  readonly termsDigest: string;
  readonly declarationDigest: string;
  readonly uri: string;
  readonly createdAt: string;
  readonly blockNumber: number;
}

export interface Holder {
  readonly lot: string;
  readonly holder: string;
  readonly amount: string;
}

export interface Holding {
  readonly lot: string;
  readonly voucher: string;
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  readonly amount: string;
}

export interface Transfer {
  readonly lot: string;
  readonly logIndex: number;
  readonly sender: string | null;
  readonly recipient: string | null;
  readonly amount: string;
  readonly time: string;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

export interface Operation {
  readonly hash: string;
  readonly sender: string;
  readonly state: "received" | "submitted" | "included" | "expired" | "displaced";
  readonly success: boolean | null;
  readonly blockNumber: number | null;
  readonly transactionHash: string | null;
  readonly deadline: number | null;
}

export type HitKind =
  | "record"
  | "object"
  | "account"
  | "partner"
  | "voucher"
  | "agreement"
  | "batch"
  | "order"
  | "block"
  | "operation";

/** `title` is a name, or the identifier once more. */
export interface Hit {
  readonly kind: HitKind;
  readonly id: string;
  readonly title: string;
  /** look-alike: another name that can be mistaken for what was looked for. */
  readonly match: "identifier" | "name" | "part" | "look-alike";
  /** Of an account's name. */
  readonly nameKind: "certified" | "custom" | null;
}

/** One day of a voucher; amounts in base units. */
export interface FlowDay {
  /** "2026-11-20" (UTC). */
  readonly day: string;
  readonly allocated: string;
  readonly transferred: string;
  readonly redeemed: string;
  readonly movements: number;
}

export interface Seals {
  readonly number: number;
  readonly state: "sealed" | "short" | "unsealed" | "unknown";
  /** Attempts that it took to agree on the block, from 0. */
  readonly round: number | null;
  /** Seals that are a quorum. */
  readonly needed: number | null;
  readonly validators: readonly { readonly address: string; readonly sealed: boolean | null }[];
}

export interface Validator {
  readonly validator: string;
  readonly seat: string | null;
  readonly epoch: number;
  readonly blockNumber: number;
}

export interface Agreement {
  readonly id: string;
  readonly proposer: string;
  readonly digest: string;
  readonly status: "proposed" | "effective" | "cancelled";
  /** How many have to confirm. */
  readonly parties: number;
  readonly lastBlock: number;
  readonly proposedBlock: number;
  readonly closedBlock: number | null;
  readonly transactionHash: string | null;
}

export interface AgreementDetail extends Agreement {
  readonly confirmations: readonly { readonly party: string; readonly confirmed: boolean }[];
}

export interface Order {
  readonly id: number;
  readonly authority: string;
  readonly subject: string | null;
  readonly executor: string;
  readonly target: string | null;
  readonly callDigest: string | null;
  readonly document: string;
  readonly location: string;
  readonly status: "filed" | "executed" | "reported" | "withdrawn";
  readonly lastBlock: number;
  readonly filedBlock: number;
  readonly closedBlock: number | null;
  readonly result: string | null;
  readonly transactionHash: string | null;
}

export interface BatchDetail {
  readonly id: string;
  readonly owner: string;
  readonly root: string;
  readonly records: number;
  readonly responsible: string | null;
  readonly anchoredAt: string;
  readonly blockNumber: number;
  readonly transactionHash: string | null;
  readonly revoked: readonly { readonly leaf: string; readonly reason: string }[];
}

/** Token of an outside time authority on a record, batch or block. */
export interface TimestampToken {
  readonly object: string;
  readonly authority: number;
  readonly tokenDigest: string;
  readonly statedAt: string;
  readonly transactionHash: string | null;
}

export interface Redemption {
  readonly id: number;
  readonly holder: string;
  readonly lot: string;
  readonly amount: string;
  readonly status: "presented" | "redeemed" | "refused" | "overdue";
  readonly lastBlock: number;
  readonly presentedBlock: number;
}

/** A version of a legal document. */
export interface LegalDocument {
  readonly document: string;
  readonly version: number;
  readonly publisher: string;
  readonly digest: string;
  readonly location: string;
  readonly publishedAt: string;
  readonly blockNumber: number;
}

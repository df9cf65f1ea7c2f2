import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";

/** A contract that the operator deploys after genesis. */
export interface PlannedContract {
  /** Folder and name below `contracts/`, or in OpenZeppelin's package. */
  path: string;
  /** Name in Directory; code without a name stands behind a factory. */
  name?: string;
  /** Whether it stands behind a proxy that Council can upgrade. */
  proxied: boolean;
  /** Names of the contracts whose addresses its constructor takes. */
  dependencies: readonly string[];
  /** Whether the proxy calls `initialise()` in its constructor. */
  initialised?: boolean;
}

/** Name by which others depend on a contract. */
export const nameOf = ({ name, path }: PlannedContract) => name ?? path.slice(path.lastIndexOf("/") + 1);

const VERIFIERS = "@openzeppelin/contracts/utils/cryptography/verifiers";

/**
 * Contracts in the order of their deployment: each one's dependencies stand before it. Where two need each other the
 * earlier one asks Directory when it is called.
 */
export const PLAN: readonly PlannedContract[] = [
  { path: "governance/LegalDocuments", name: "LegalDocuments", proxied: true, dependencies: [] },
  { path: "identity/Partners", name: "Partners", proxied: true, dependencies: ["LegalDocuments"] },
  { path: `${VERIFIERS}/ERC7913P256Verifier`, name: "P256Verifier", proxied: false, dependencies: [] },
  { path: `${VERIFIERS}/ERC7913WebAuthnVerifier`, name: "WebAuthnVerifier", proxied: false, dependencies: [] },
  { path: `${VERIFIERS}/ERC7913RSAVerifier`, name: "RsaVerifier", proxied: false, dependencies: [] },
  { path: "account/WeightedSigners", name: "WeightedSigners", proxied: false, dependencies: [] },
  { path: "account/Account", proxied: false, dependencies: [] },
  { path: "account/AccountFactory", name: "AccountFactory", proxied: true, dependencies: ["Partners", "Account"] },
  {
    path: "identity/Certifications",
    name: "Certifications",
    proxied: true,
    dependencies: ["Partners", "AccountFactory"],
    initialised: true,
  },
  {
    path: "governance/Orders",
    name: "Orders",
    proxied: true,
    dependencies: ["Partners", "Certifications", "AccountFactory"],
  },
  {
    path: "identity/AccountNames",
    name: "AccountNames",
    proxied: true,
    dependencies: ["Partners", "Certifications"],
  },
  { path: "evidence/Records", name: "Records", proxied: true, dependencies: ["Certifications"] },
  {
    path: "identity/KeyResets",
    name: "KeyResets",
    proxied: true,
    dependencies: ["Partners", "Certifications", "Records"],
    initialised: true,
  },
  { path: "evidence/BatchAnchors", name: "BatchAnchors", proxied: true, dependencies: ["Certifications"] },
  { path: "evidence/Agreements", name: "Agreements", proxied: true, dependencies: ["Certifications"] },
  { path: "evidence/HostedFiles", name: "HostedFiles", proxied: true, dependencies: ["Certifications"] },
  {
    path: "evidence/TimestampAuthorities",
    name: "TimestampAuthorities",
    proxied: true,
    dependencies: ["Certifications", "Partners", "Records", "BatchAnchors"],
  },
  { path: "voucher/Voucher", proxied: false, dependencies: ["Certifications", "Partners"] },
  {
    path: "voucher/VoucherFactory",
    name: "VoucherFactory",
    proxied: true,
    dependencies: ["Partners", "Certifications", "Voucher"],
  },
  {
    path: "voucher/CustodyProofs",
    name: "CustodyProofs",
    proxied: true,
    dependencies: ["Partners", "Records", "VoucherFactory"],
  },
  { path: "voucher/Redemptions", name: "Redemptions", proxied: true, dependencies: ["VoucherFactory"] },
  {
    path: "voucher/Settlements",
    name: "Settlements",
    proxied: true,
    dependencies: ["VoucherFactory", "AccountFactory"],
  },
];

/** Contracts of the genesis allocation that Council can upgrade; Council itself comes last. */
export const GENESIS_PROXIES: readonly PlannedContract[] = [
  { path: "governance/Directory", name: "Directory", proxied: true, dependencies: [] },
  { path: "governance/Admission", name: "Admission", proxied: true, dependencies: [] },
  { path: "quota/Quota", name: "Quota", proxied: true, dependencies: [] },
  { path: "governance/Council", name: "Council", proxied: true, dependencies: [] },
];

/**
 * First prices in points of the functions that accounts call (QU-1), by Directory name. An account can not call a
 * function that has no price. `Voucher` stands for every voucher contract, `Account` for an account's calls to itself.
 */
export const PRICES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Account: { setSigner: 2_000 },
  Admission: { registerRelay: 1_000, withdrawRelay: 500, retireRelay: 500 },
  Quota: { sponsor: 300, endSponsorship: 200 },
  LegalDocuments: { publish: 2_000, sign: 2_000 },
  Orders: { file: 3_000, execute: 1_500, report: 500, withdraw: 500 },
  Partners: { admit: 2_000, setPermissions: 500, recognise: 300 },
  AccountFactory: { create: 2_000 },
  Certifications: { certify: 1_000, suspend: 300, resume: 300, revoke: 300, refresh: 300 },
  KeyResets: { open: 3_000, endorse: 1_500, objectTo: 500, objectFor: 600, cancel: 500, complete: 1_500 },
  AccountNames: { setName: 2_500, release: 500, revoke: 500 },
  Records: { record: 500, recordMany: 500, openObject: 500, setWriter: 300, append: 600, revoke: 300, supersede: 300 },
  BatchAnchors: { anchor: 900, revokeLeaf: 500 },
  Agreements: { propose: 600, confirm: 300, withdraw: 200, cancel: 200 },
  HostedFiles: { register: 500, extend: 200, end: 200 },
  TimestampAuthorities: { attachToRecord: 500, attachToAnchor: 500, attachToBlock: 500 },
  VoucherFactory: { applyFor: 5_000, withdraw: 500 },
  Voucher: {
    allocate: 600,
    allocateMany: 600,
    safeTransferFrom: 600,
    safeBatchTransferFrom: 1_000,
    setApprovalForAll: 300,
    approve: 300,
    allocateLot: 800,
    allocateLots: 800,
    setAgent: 300,
    lowerCap: 300,
    setUri: 500,
    openCustody: 500,
  },
  CustodyProofs: {
    publish: 1_500,
    publishDeclared: 1_500,
    disputeAmount: 1_000,
    disputeAbsence: 1_000,
    disputeOrder: 1_000,
    challenge: 1_000,
    answer: 500,
    disputeSilence: 500,
  },
  Redemptions: { present: 2_000, confirm: 800, refuse: 900, giveBackOverdue: 900 },
  Settlements: { offer: 1_800, accept: 1_500, cancel: 300 },
};

/** Where the prices of a name are listed: group in Quota and contract whose functions are priced. */
export const PRICE_GROUPS: Readonly<Record<string, { path: string; group: string }>> = {
  Account: { path: "account/Account", group: "itself" },
  Admission: { path: "governance/Admission", group: SYSTEM_ADDRESSES.Admission },
  Quota: { path: "quota/Quota", group: SYSTEM_ADDRESSES.Quota },
  Voucher: { path: "voucher/Voucher", group: "VoucherFactory" },
};

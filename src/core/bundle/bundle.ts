// What a proof bundle is (docs/proof-bundles.md). Hexadecimal is in lower case with `0x`, base64 padded; amounts of time
// are seconds since 1970.

/** Names the kind of file. */
export const BUNDLE_FORMAT = "brop-proof-bundle";
/** Version of the form. A verifier refuses those that it does not know. */
export const BUNDLE_VERSION = 1;
/** Media type of a bundle. */
export const BUNDLE_MEDIA_TYPE = "application/vnd.brop.proof-bundle+json";

/** Where a log stands: block, place of the transaction in the block, place of the log in its receipt, each from 0. */
export interface Place {
  block: number;
  transaction: number;
  log: number;
}

/** A record as it was put on the chain; zeros stand for none. */
export interface ClaimedRecord {
  digest: string;
  /** Multicodec code of the digest's algorithm. */
  algorithm: number;
  kind: number;
  subject: string;
  businessKey: string;
  refersTo: string;
}

/** That an account recorded a digest by itself: `Recorded` of the contract `Records`. */
export interface RecordClaim {
  kind: "record";
  at: Place;
  owner: string;
  /** Partner that answers for an anonymous owner; the zero address: the owner itself. */
  responsible: string;
  record: ClaimedRecord;
}

/** That an account anchored a batch which has this record: `Anchored` of `BatchAnchors`, and the way to the root. */
export interface BatchRecordClaim {
  kind: "batch-record";
  at: Place;
  owner: string;
  responsible: string;
  record: ClaimedRecord;
  /** Place of the record in the batch, from 0. */
  index: number;
  /** Records of the batch. */
  count: number;
  /** 20 siblings from the bottom up, then the list's length. */
  branch: readonly string[];
}

/** That a contract emitted a log. */
export interface EventClaim {
  kind: "event";
  at: Place;
  address: string;
  topics: readonly string[];
  data: string;
}

/** That a block is of the network. */
export interface BlockClaim {
  kind: "block";
  block: number;
  hash: string;
}

export type Claim = RecordClaim | BatchRecordClaim | EventClaim | BlockClaim;

/** A receipt and the nodes of the block's receipt trie down to it, from the root; base64. */
export interface ReceiptPart {
  transaction: number;
  nodes: readonly string[];
}

/** A contract in the state after a block, and some of its storage; base64 nodes from the roots down. */
export interface AccountPart {
  address: string;
  nodes: readonly string[];
  slots: readonly { slot: string; nodes: readonly string[] }[];
}

/** What the bundle shows of a block. */
export interface BlockPart {
  /** RLP with the seals, base64. */
  header: string;
  receipts: readonly ReceiptPart[];
  accounts: readonly AccountPart[];
}

/** A contract that Directory lists by a name: by its event, or by the state after a block. */
export interface ContractPart {
  name: string;
  address: string;
  listed: Place | { block: number };
}

/** What a certifier said of an account as of the claim's block, read from the state after a later one. */
export interface CertificationPart {
  /** Block whose state is read. */
  block: number;
  account: string;
  certifier: string;
  /** Partner whose recognition of the certifier is shown; left out: none. */
  recognisedBy?: string;
}

/** A token of an RFC 3161 authority. */
export interface TimestampPart {
  /** What it stamps: the claimed record's digest (or the batch's root), or the hash of a block. */
  stamps: "claim" | { block: number };
  /** DER, base64. */
  token: string;
  /** Certificates from the authority's up, DER, base64. */
  certificates: readonly string[];
}

/** One file that shows a stranger what stood on the record, without a node. */
export interface Bundle {
  format: typeof BUNDLE_FORMAT;
  version: typeof BUNDLE_VERSION;
  /** For people; proves nothing. */
  label?: string;
  network: {
    chainId: number;
    /** Hash of block 0. */
    genesis: string;
    /** False for a development chain, whose blocks nobody seals. */
    sealed: boolean;
  };
  /** Newest block that the bundle shows: it says nothing about later ones. */
  asOf: number;
  claim: Claim;
  /** Changes of the validators since block 0, in order. */
  validators: readonly Place[];
  contracts: readonly ContractPart[];
  /** In the order of their numbers. */
  blocks: readonly BlockPart[];
  /** State after this block, which shows whether the record stands or was revoked. */
  status?: { block: number };
  certification?: CertificationPart;
  timestamps?: readonly TimestampPart[];
  /** The data themselves, base64. */
  content?: string;
}

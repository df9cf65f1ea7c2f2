import { type AppendedTable, change, event, type VersionedTable } from "./columns.ts";

/** Appended tables of migration 0013: evidence. */
export const APPENDED_EVIDENCE = {
  batches: {
    columns: {
      id: "bytes",
      owner: "bytes",
      root: "bytes",
      record_count: "integer",
      responsible: "bytes?",
      anchored_at: "integer",
      ...event,
    },
  },
  leaf_revocations: { columns: { batch: "bytes", leaf: "numeric", owner: "bytes", reason: "bytes", ...event } },
  timestamp_tokens: {
    columns: {
      object: "bytes",
      authority: "integer",
      owner: "bytes",
      kind: "integer",
      token_digest: "bytes",
      stated_at: "integer",
      ...event,
    },
  },
  kept_block_hashes: { columns: { kept_block: "integer", hash: "bytes", ...event } },
} as const satisfies Record<string, AppendedTable>;

/** Versioned tables of migration 0013: evidence. */
export const VERSIONED_EVIDENCE = {
  agreements: {
    key: { id: "bytes" },
    state: {
      proposer: "bytes",
      digest: "bytes",
      algorithm: "integer",
      last_block: "integer",
      salt: "bytes",
      party_count: "integer",
      confirmations: "numeric",
      status: "integer",
      proposed_block: "integer",
      closed_block: "integer?",
      closed_at: "integer?",
      ...change,
    },
  },
  agreement_parties: {
    key: { agreement: "bytes", party: "bytes" },
    state: { position: "integer", confirmed: "boolean", ...change },
  },
  timestamp_authorities: {
    key: { id: "integer" },
    state: {
      certificate_digest: "bytes",
      not_before: "integer",
      not_after: "integer",
      policy: "text",
      location: "text",
      registered_block: "integer",
      retired_block: "integer?",
      ground: "bytes?",
      ...change,
    },
  },
  hosted_files: {
    key: { owner: "bytes", content_digest: "bytes" },
    state: {
      location_digest: "bytes",
      size: "integer",
      registered_at: "integer",
      valid_until: "integer",
      responsible: "bytes?",
      registered_block: "integer",
      ended_at: "integer?",
      ...change,
    },
  },
} as const satisfies Record<string, VersionedTable>;

import { change, type VersionedTable } from "./columns.ts";

/** Versioned tables of migration 0013: identity. */
export const VERSIONED_IDENTITY = {
  account_names: {
    key: { account: "bytes" },
    state: {
      name: "text?",
      kind: "integer",
      certifier: "bytes?",
      look_skeleton: "bytes",
      letter_skeleton: "bytes",
      ground: "bytes?",
      reserved_until: "integer?",
      consent: "bytes?",
      ...change,
    },
  },
  key_resets: {
    key: { id: "integer" },
    state: {
      account: "bytes",
      opener: "bytes",
      new_signer: "bytes",
      application: "bytes",
      identity_check: "bytes",
      status: "integer",
      endorser: "bytes?",
      closed_by: "bytes?",
      ground: "bytes?",
      waiting_until: "integer?",
      last_block: "integer?",
      opened_block: "integer",
      ...change,
    },
  },
  account_holds: { key: { account: "bytes" }, state: { held_until: "integer?", ...change } },
} as const satisfies Record<string, VersionedTable>;

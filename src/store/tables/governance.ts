import { type AppendedTable, change, event, type VersionedTable } from "./columns.ts";

/** Appended tables of migration 0013: governance. */
export const APPENDED_GOVERNANCE = {
  validator_changes: {
    columns: {
      epoch: "integer",
      added: "bytes?",
      removed: "bytes?",
      seat: "bytes",
      set_hash: "bytes",
      validators: "json",
      ...event,
    },
  },
  pause_votes: { columns: { seat: "bytes", votes: "integer", reason: "bytes", ...event } },
  created_contracts: { columns: { target: "bytes", salt: "bytes", creation_digest: "bytes", ...event } },
  contract_instances: { columns: { factory: "bytes", instance: "bytes", ...event } },
} as const satisfies Record<string, AppendedTable>;

/** Versioned tables of migration 0013: governance. */
export const VERSIONED_GOVERNANCE = {
  orders: {
    key: { id: "integer" },
    state: {
      authority: "bytes",
      subject: "bytes?",
      executor: "bytes",
      target: "bytes?",
      call_digest: "bytes?",
      document: "bytes",
      last_block: "integer",
      location: "text",
      status: "integer",
      filed_block: "integer",
      closed_block: "integer?",
      result: "bytes?",
      ...change,
    },
  },
  validators: {
    key: { validator: "bytes" },
    state: { member: "boolean", seat: "bytes?", epoch: "integer", ...change },
  },
  roles: {
    key: { role: "numeric" },
    state: { label: "text?", admin: "numeric?", guardian: "numeric?", grant_delay: "integer?", ...change },
  },
  role_members: {
    key: { role: "numeric", account: "bytes" },
    state: { member: "boolean", delay: "integer?", since: "integer?", ...change },
  },
  role_functions: { key: { target: "bytes", selector: "bytes" }, state: { role: "numeric", ...change } },
  role_targets: { key: { target: "bytes" }, state: { closed: "boolean?", admin_delay: "integer?", ...change } },
  access_operations: {
    key: { id: "bytes" },
    state: {
      operation_nonce: "integer",
      scheduled_for: "integer?",
      caller: "bytes?",
      target: "bytes?",
      call_data: "bytes?",
      status: "integer",
      ...change,
    },
  },
  implementations: { key: { proxy: "bytes" }, state: { implementation: "bytes", ...change } },
  sponsoring_bars: { key: { partner: "bytes" }, state: { barred: "boolean", ...change } },
} as const satisfies Record<string, VersionedTable>;

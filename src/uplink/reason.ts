import type { BropError } from "../core/errors.ts";
import type { StoredReason } from "../store/queries/uplink/submissions.ts";

/** Most characters of a reason's details; more than that a relay makes up. */
const MOST = 4_000;
const MOST_WORDS = 1_000;

/**
 * An error as the database keeps it: its code, words and details. Relays write some of it: what PostgreSQL can not hold
 * (NUL, half characters) is left out, and so are details without end.
 */
export function storedReason({ code, message, details }: BropError): StoredReason {
  const kept = JSON.stringify(details).length > MOST ? {} : (clean(details) as Record<string, unknown>);
  return { ...kept, code, message: clean(message.slice(0, MOST_WORDS)) as string };
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\0", "").toWellFormed();
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [clean(name), clean(member)]));
}

import { BropError, isErrorCode, type Problem } from "../../core/errors.ts";

const BASE = "/v1";

export type Parameters = Readonly<Record<string, string | number | undefined>>;

/**
 * Asks the query interface.
 * @param path below `/v1`, its parts already encoded (`pathOf`)
 * @throws BropError as the server answered it; `service.unavailable` when it can not be reached or answers otherwise.
 * An aborted question throws what the signal carries.
 */
export async function get<Answer>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<Answer> {
  const given = Object.entries(parameters).filter((entry) => entry[1] !== undefined);
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const address = `${BASE}${path}${given.length === 0 ? "" : `?${query}`}`;
  const headers = { accept: "application/json" };
  const answer = await fetch(address, { headers, ...(signal ? { signal } : {}) }).catch((cause: unknown) => {
    throw signal?.aborted ? cause : new BropError("service.unavailable", {}, undefined, { cause });
  });
  const body: unknown = await answer.json().catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    return undefined;
  });
  if (answer.ok && body !== undefined) return body as Answer;
  throw errorOf(body, answer.status);
}

/** Joins the parts of a path, each encoded: what a visitor typed can not reach another route. */
export function pathOf(...parts: (string | number)[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("");
}

function errorOf(body: unknown, status: number): BropError {
  if (typeof body === "object" && body !== null && isErrorCode((body as Partial<Problem>).code)) {
    return BropError.from(body);
  }
  return new BropError(status === 404 ? "resource.not-found" : "service.unavailable", { status });
}

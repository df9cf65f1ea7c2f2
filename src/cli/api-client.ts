import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BropError } from "../core/errors.ts";
import type { Session } from "./session.ts";

/** Where the platform leaves the operator's first key. */
const FIRST_KEY = "operator-api-key";

/**
 * Asks the platform's interface.
 *
 * @param path below `/v1`
 * @returns its answer
 * @throws BropError what the interface refused, `chain.unreachable` where nobody answers
 */
export async function askApi<Answer>(session: Session, method: string, path: string, body?: object): Promise<Answer> {
  const response = await openApi(session, `/v1${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      authorization: `Bearer ${apiKeyOf(session)}`,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
}

/** A request of any kind. @throws BropError as `askApi` */
export async function openApi(session: Session, path: string, init: RequestInit = {}): Promise<Response> {
  const url = new URL(path, session.url);
  const response = await fetch(url, init).catch((error: unknown) => {
    throw new BropError("chain.unreachable", { url: url.origin }, undefined, { cause: error });
  });
  if (response.ok) return response;
  throw BropError.from(await response.json().catch(() => new BropError("service.unavailable", { url: url.origin })));
}

/** `BROP_API_KEY`, else the operator's first key in the data folder. @throws BropError `access.unauthenticated` */
export function apiKeyOf({ apiKey, data }: Session): string {
  const file = join(data, FIRST_KEY);
  const key = apiKey ?? (existsSync(file) ? readFileSync(file, "utf8").trim() : undefined);
  if (key !== undefined) return key;
  throw new BropError("access.unauthenticated", { reason: `set BROP_API_KEY; there is no ${file}` });
}

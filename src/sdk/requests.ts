import { BropError } from "../core/errors.ts";

/** A platform, and the key for it. */
export interface ApiAccess {
  /** Address of the platform, for example `https://brop.example`. */
  url: string;
  /** API key with the scope that the routes want; what is public needs none. */
  key?: string | undefined;
  fetch?: typeof fetch;
}

/** @throws BropError what was refused; `service.unavailable` where nobody answers */
export async function askApi(
  { url, key, fetch: ask = fetch }: ApiAccess,
  method: string,
  path: string,
  init: { headers?: Record<string, string>; body?: BodyInit } = {},
): Promise<Response> {
  const target = new URL(path, url);
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  let answer: Response;
  try {
    answer = await ask(target, { ...init, method, headers: { ...authorization, ...init.headers } });
  } catch (cause) {
    throw new BropError("service.unavailable", { url: target.origin }, undefined, { cause });
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => new BropError("service.unavailable", { url: target.origin }));
  throw BropError.from(problem);
}

const ATTEMPTS = 6;
const FIRST_PAUSE = 500;
const MAY_PASS: ReadonlySet<string> = new Set(["service.unavailable", "request.rate-limited"]);

/** Asks again, with longer and longer pauses, what may be asked twice: half a minute in all. */
export async function askAgain<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (thrown) {
      const error =
        thrown instanceof BropError ? thrown : new BropError("service.unavailable", {}, undefined, { cause: thrown });
      if (!MAY_PASS.has(error.code) || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE * 2 ** (attempt - 1)));
    }
  }
}

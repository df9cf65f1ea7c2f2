import { BropError } from "../../core/errors.ts";

/** Where files are kept, and the key for it. */
export interface FilesAccess {
  /** Address of the platform, for example `https://brop.example`. */
  url: string;
  /** API key with the scope `files`; public files need none. */
  key?: string | undefined;
  fetch?: typeof fetch;
}

/** @throws BropError what was refused; `service.unavailable` where nobody answers */
export async function askFiles(
  { url, key, fetch: ask = fetch }: FilesAccess,
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

/** A refusal of the platform: problem details (RFC 9457) with the code of its error table. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, { code, detail, remedy }: { code?: string; detail?: string; remedy?: string }) {
    super([detail ?? `The platform answered ${status}`, remedy].filter(Boolean).join(" "));
    this.code = code ?? "unknown";
    this.status = status;
  }
}

/** The platform's HTTP interface, as any program uses it: JSON and an API key. */
export class Platform {
  readonly url: string;
  readonly #key: string;

  /** @param key API key, `brop_…` */
  constructor(url: string, key: string) {
    this.url = url.replace(/\/$/, "");
    this.#key = key;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#ask("GET", path);
  }

  /** @param idempotencyKey what was done under this key is not done again, however often it is sent */
  post<Answer>(path: string, body: unknown, idempotencyKey?: string): Promise<Answer> {
    return this.#ask("POST", path, body, idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey });
  }

  delete<Answer>(path: string): Promise<Answer> {
    return this.#ask("DELETE", path);
  }

  async #ask<Answer>(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === "" ? {} : JSON.parse(text);
    if (!response.ok) throw new Refusal(response.status, answer);
    return answer as Answer;
  }
}

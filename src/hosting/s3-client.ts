import { createHash } from "node:crypto";
import { AwsClient } from "aws4fetch";
import { BropError } from "../core/errors.ts";

/** An S3-compatible bucket and the key for it. */
export interface S3Bucket {
  /** `https://SERVICE/BUCKET` */
  url: string;
  region: string;
  key: string;
  secret: string;
}

export interface S3Request {
  method: "GET" | "PUT" | "POST" | "DELETE" | "HEAD";
  /** Name of the object; none for the bucket itself. */
  object?: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array<ArrayBuffer> | string;
}

const RETRIES = 4;
/** Milliseconds until a service answers; what it sends then may take longer. */
const PATIENCE = 120_000;

/**
 * Signed requests to one bucket. Each body goes with its SHA-256, which the service compares. What fails for a moment is
 * tried again: nothing here does harm twice.
 */
export class S3Client {
  readonly #url: string;
  readonly #client: AwsClient;

  /** @throws BropError `configuration.invalid` */
  constructor({ url, region, key, secret }: S3Bucket) {
    const { pathname, search, username } = new URL(url);
    if (!/^\/[^/]+\/?$/.test(pathname) || search !== "" || username !== "") {
      const reason = "must be `https://SERVICE/BUCKET`, with the key in BROP_S3_KEY and BROP_S3_SECRET";
      throw new BropError("configuration.invalid", { setting: "BROP_S3", reason });
    }
    this.#url = url.replace(/\/$/, "");
    this.#client = new AwsClient({
      ...{ accessKeyId: key, secretAccessKey: secret, service: "s3", region, retries: RETRIES },
    });
  }

  get name(): string {
    return this.#url;
  }

  /**
   * @returns the answer, when it went well or is one of `expected`
   * @throws BropError `service.unavailable`, `store.full`
   */
  async ask({ method, object, query = {}, headers = {}, body }: S3Request, expected: number[] = []): Promise<Response> {
    const url = new URL(object === undefined ? this.#url : `${this.#url}/${object}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const digest = createHash("sha256")
      .update(body ?? "")
      .digest("hex");
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PATIENCE);
    let answer: Response;
    try {
      answer = await this.#client.fetch(url.href, {
        method,
        headers: { ...headers, "x-amz-content-sha256": digest },
        // A signature is for this service only.
        redirect: "error",
        signal: late.signal,
        ...(body === undefined ? {} : { body }),
      });
    } catch (cause) {
      throw new BropError("service.unavailable", { service: url.origin }, undefined, { cause });
    } finally {
      clearTimeout(timer);
    }
    if (answer.ok || expected.includes(answer.status)) return answer;
    const code = tagged(await answer.text().catch(() => ""), "Code");
    const isFull = answer.status === 507 || code === "XMinioStorageFull" || code === "QuotaExceeded";
    throw new BropError(isFull ? "store.full" : "service.unavailable", {
      ...{ service: url.origin, status: answer.status, ...(code === undefined ? {} : { answer: code }) },
    });
  }
}

/** The text of the first element of a name; S3's answers are flat enough for that. */
export function tagged(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(lt|gt|quot|apos|amp|#34|#39);/g, (_, entity: string) => ENTITIES[entity] ?? "");
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ lt: "<", gt: ">", quot: '"', apos: "'", amp: "&", "#34": '"', "#39": "'" },
};

import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { BropError, type ErrorCode } from "../../core/errors.ts";

/** PEM texts with which a signing service is met over TLS. */
export interface ClientCertificate {
  /** Certificate by which the service knows this process, with its private key. */
  certificate: string;
  key: string;
}

export interface SigningServiceOptions {
  url: string;
  client?: ClientCertificate | undefined;
  /** Certificate of the authority that the service's own certificate is from; by default the system's authorities. */
  authority?: string | undefined;
  /** Longest wait for a whole answer, in milliseconds. */
  timeout?: number;
}

export interface ServiceAnswer {
  status: number;
  text: string;
}

const USUAL_TIMEOUT_MS = 10_000;
/** A list of a thousand public keys is 130 kB. */
const MOST_BYTES = 4_000_000;
const CONNECTIONS = 8;

/** HTTP to a signing service: kept-alive connections, client certificates, one time limit for all of an exchange. */
export class SigningService {
  readonly #base: URL;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #send: typeof httpRequest;
  readonly #timeout: number;

  constructor({ url, client, authority, timeout = USUAL_TIMEOUT_MS }: SigningServiceOptions) {
    this.#base = new URL(url.endsWith("/") ? url : `${url}/`);
    const secure = this.#base.protocol === "https:";
    const common = { keepAlive: true, maxSockets: CONNECTIONS };
    const trusted = authority === undefined ? {} : { ca: authority };
    const shown = client === undefined ? {} : { cert: client.certificate, key: client.key };
    this.#agent = secure ? new HttpsAgent({ ...common, ...trusted, ...shown }) : new HttpAgent(common);
    this.#send = secure ? httpsRequest : httpRequest;
    this.#timeout = timeout;
  }

  /** @throws BropError `signer.unreachable` */
  get(path: string): Promise<ServiceAnswer> {
    return this.#exchange("GET", path, undefined, true);
  }

  /** @throws BropError `signer.unreachable` */
  post(path: string, body: object): Promise<ServiceAnswer> {
    return this.#exchange("POST", path, Buffer.from(JSON.stringify(body)), true);
  }

  close(): void {
    this.#agent.destroy();
  }

  // Redirects are answers like any other here: a key is asked where it was said to be.
  #exchange(method: string, path: string, body: Buffer | undefined, mayRetry: boolean): Promise<ServiceAnswer> {
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(this.#timeout);
      const fail = (cause: unknown) => {
        const reason = signal.aborted ? "no answer in time" : reasonOf(cause);
        reject(signerError("signer.unreachable", { reason }, cause));
      };
      const headers = body === undefined ? {} : { "content-type": "application/json", "content-length": body.length };
      const options: RequestOptions = { method, agent: this.#agent, signal, headers };
      const request = this.#send(new URL(path, this.#base), options, (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > MOST_BYTES) request.destroy(new Error("the answer is too long"));
        });
        response.on("error", fail);
        response.on("end", () => {
          if (!response.complete) return fail(new Error("the answer was cut off"));
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
        });
      });
      request.on("error", (error: NodeJS.ErrnoException) => {
        // The service closed a kept connection just when it was used again: a new one tells whether it is there.
        const closed = request.reusedSocket && error.code === "ECONNRESET";
        if (mayRetry && closed) resolve(this.#exchange(method, path, body, false));
        else fail(error);
      });
      request.end(body);
    });
  }
}

/** An error of a signing service; what it said goes to the log only. */
export function signerError(code: ErrorCode, details: Record<string, unknown>, cause?: unknown): BropError {
  return new BropError(code, details, undefined, { cause });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}

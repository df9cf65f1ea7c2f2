import { BropError } from "../../core/errors.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";
import { DIGEST_LENGTHS, digestOf } from "../../core/timestamp/algorithms.ts";
import { readCertificate } from "../../core/timestamp/certificate.ts";
import { TAG } from "../../core/timestamp/der.ts";
import { type ReadQuery, readQuery } from "../../core/timestamp/request.ts";
import { type Failure, grantedResponse, refusedResponse } from "../../core/timestamp/response.ts";
import type { TokenWriter } from "./token-writer.ts";

export interface AuthorityOptions {
  /** Its certificate (DER), then those above it. */
  certificates: readonly Uint8Array[];
  /** Object identifier of the policy that it follows. */
  policy: string;
  writer: Pick<TokenWriter, "write">;
  serials: { next(): Promise<bigint> };
  clock: { now(): Date | undefined; readonly fault: string | undefined };
  logger?: Logger;
}

/** What became of a request; `granted`, or why it was refused. */
export type Outcome = "granted" | Failure;

/** A refusal in the words of RFC 3161. */
class Refusal extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, words: string) {
    super(words);
    this.failure = failure;
  }
}

/**
 * A time-stamping authority (RFC 3161): answers each request with a token or with the reason why there is none. What it
 * does not know it refuses, and it says nothing about a time that it does not know.
 */
export class TimestampAuthority {
  readonly certificates: readonly Uint8Array[];
  readonly policy: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly #options: AuthorityOptions;
  readonly #logger: Logger;
  /** Answers since the start. */
  readonly outcomes: Partial<Record<Outcome, number>> = {};

  constructor(options: AuthorityOptions) {
    const { certificates, policy, logger = silentLogger } = options;
    const { notBefore, notAfter } = readCertificate(certificates[0] as Uint8Array);
    this.certificates = certificates;
    this.policy = policy;
    this.notBefore = notBefore;
    this.notAfter = notAfter;
    this.#options = options;
    this.#logger = logger;
  }

  /** Why no token is given now, whatever is asked; undefined: they are. */
  get fault(): string | undefined {
    const { fault } = this.#options.clock;
    if (fault !== undefined) return `the clock can not be relied on: ${fault}`;
    const now = this.#options.clock.now();
    return now === undefined || this.#isValidAt(now) ? undefined : "the certificate is not valid now";
  }

  /** @returns an answer in DER, always */
  async answer(request: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    try {
      const token = await this.#stamp(request);
      this.#count("granted");
      return grantedResponse(token);
    } catch (error) {
      const { failure, message } = this.#refusalOf(error);
      this.#count(failure);
      return refusedResponse(failure, message);
    }
  }

  /** The answer to a request that is too large to be read. */
  tooLarge(): Uint8Array<ArrayBuffer> {
    this.#count("badDataFormat");
    return refusedResponse("badDataFormat", "The request is too large");
  }

  async #stamp(request: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const query = read(request);
    this.#check(query);
    const { serials, writer, clock } = this.#options;
    const serial = await serials.next();
    // The time is asked for last: a wait for the serial number is not to be in it.
    const time = clock.now();
    if (time === undefined) throw new Refusal("timeNotAvailable", `No time is available: ${clock.fault}`);
    if (!this.#isValidAt(time)) throw new Refusal("systemFailure", "The authority's certificate is not valid now");
    const { imprint, nonce, certificate } = query;
    return writer.write({ imprint, nonce, certificate, serial, time });
  }

  #check({ version, algorithm, algorithmParameters, digest, policy, extensions }: ReadQuery): void {
    if (version !== 1n) throw new Refusal("badRequest", "Requests have version 1");
    const name = digestOf(algorithm);
    if (name === undefined) throw new Refusal("badAlg", "Digests are of SHA-256, SHA-384 and SHA-512");
    if (algorithmParameters !== undefined && algorithmParameters.tag !== TAG.null) {
      throw new Refusal("badAlg", `${name} has no parameters`);
    }
    if (digest.length !== DIGEST_LENGTHS[name]) {
      throw new Refusal("badDataFormat", `A digest of ${name} has ${DIGEST_LENGTHS[name]} bytes, not ${digest.length}`);
    }
    if (policy !== undefined && policy !== this.policy) {
      throw new Refusal("unacceptedPolicy", `The one policy here is ${this.policy}`);
    }
    if (extensions.size > 0) throw new Refusal("unacceptedExtension", "No extension is known here");
  }

  #isValidAt(time: Date): boolean {
    return time >= this.notBefore && time.getTime() < this.notAfter.getTime() + 1_000;
  }

  #refusalOf(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    this.#logger.error({ err: error }, "A time stamp could not be given");
    return new Refusal("systemFailure", "The authority has a fault; try again");
  }

  #count(outcome: Outcome): void {
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
  }
}

function read(request: Uint8Array): ReadQuery {
  try {
    return readQuery(request);
  } catch (error) {
    if (error instanceof BropError) throw new Refusal("badDataFormat", "The bytes are no time-stamp request in DER");
    throw error;
  }
}

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { addressGroup } from "../../core/address-group.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import type { TimestampAuthority } from "../../timestamp/authority/authority.ts";
import { certificatesToPem } from "../../timestamp/authority/development-identity.ts";
import { TokenBuckets } from "../limits/token-buckets.ts";
import { answerProblem } from "../problems.ts";
import { type FastifyFault, refusalOf } from "../refusal.ts";

export interface TimestampAuthorityRoutes {
  authority: TimestampAuthority;
  /** Requests a minute from one address; 0: no limit. */
  rate: number;
  clock?: Clock;
}

const QUERY_TYPE = "application/timestamp-query";
const REPLY_TYPE = "application/timestamp-reply";
/** Bytes of a request: those of others have 60 to 200. */
const BODY_LIMIT = 8_192;

/**
 * Fastify plugin: `POST /tsa`, the time-stamp protocol over HTTP (RFC 3161 3.4), for everybody; `GET /tsa/certificate`,
 * the certificates by which its tokens are verified, in PEM, or with `?form=der` the authority's own in DER
 * (`&of=root`: the uppermost one).
 *
 * What is no request, or one that is not granted, is answered in the protocol's own words with status 200; bodies of
 * another type, and too many requests, are refused before it.
 */
export const timestampAuthorityRoutes: FastifyPluginAsync<TimestampAuthorityRoutes> = async (
  server,
  { authority, rate, clock = systemClock },
) => {
  const buckets = new TokenBuckets(rate, clock);
  server.addContentTypeParser(QUERY_TYPE, { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
  server.addHook("onRequest", async ({ ip }) => {
    const { allowed, seconds } = buckets.take(addressGroup(ip));
    if (!allowed) throw new BropError("request.rate-limited", { retryAfter: seconds, perMinute: rate });
  });
  server.setErrorHandler((thrown, request, reply) => {
    const fault = thrown as FastifyFault;
    if (fault.statusCode === 413) return sendReply(reply.code(413), authority.tooLarge());
    const error = refusalOf(fault) ?? BropError.from(thrown);
    if (error.httpStatus >= 500) request.log.error({ err: thrown }, "A time-stamp request failed");
    return answerProblem(request, reply, mediaType(error));
  });

  server.post("/tsa", { schema: { hide: true } as object }, async (request: FastifyRequest, reply) => {
    const { body } = request;
    if (!(body instanceof Uint8Array)) throw new BropError("request.media-type", { expected: QUERY_TYPE });
    return sendReply(reply, await authority.answer(body));
  });

  server.get<{ Querystring: { form?: string; of?: string } }>(
    "/tsa/certificate",
    { schema: { hide: true } as object },
    async ({ query: { form = "pem", of = "authority" } }, reply) => {
      const { certificates } = authority;
      const [own] = certificates;
      const one = new Map([
        ["authority", own],
        ["root", certificates.at(-1)],
      ]).get(of);
      if (one === undefined) throw new BropError("request.invalid", { field: "of", known: ["authority", "root"] });
      reply.header("cache-control", "public, max-age=3600");
      if (form === "der") return reply.type("application/pkix-cert").send(one);
      if (form === "pem") return reply.type("application/pem-certificate-chain").send(certificatesToPem(certificates));
      throw new BropError("request.invalid", { field: "form", known: ["pem", "der"] });
    },
  );
};

function sendReply(reply: FastifyReply, answer: Uint8Array): FastifyReply {
  return reply.type(REPLY_TYPE).header("cache-control", "no-store").send(answer);
}

/** The general remedy is about JSON. */
function mediaType(error: BropError): BropError {
  if (error.code !== "request.media-type") return error;
  const words = `Send the request in DER with the header Content-Type: ${QUERY_TYPE}`;
  return new BropError(error.code, { expected: QUERY_TYPE }, words);
}

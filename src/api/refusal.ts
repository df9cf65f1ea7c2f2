import { BropError } from "../core/errors.ts";

/** What Fastify throws when it refuses a request by itself. */
export interface FastifyFault {
  code?: string;
  statusCode?: number;
  message?: string;
  validation?: { instancePath: string; message?: string; params?: Record<string, unknown> }[];
  validationContext?: string;
}

/** Where a request has a fault, by Fastify's words for it. */
const PLACES: Readonly<Record<string, string>> = { params: "path", querystring: "query", body: "body" };

/** Fastify's own refusals in the words of the error table; undefined for all else. */
export function refusalOf(fault: FastifyFault): BropError | undefined {
  const { statusCode = 500, code, message: reason } = fault;
  const invalid = fault.validation?.[0];
  if (invalid !== undefined) {
    const { additionalProperty, missingProperty } = invalid.params ?? {};
    const field = additionalProperty ?? missingProperty ?? invalid.instancePath.slice(1);
    const place = PLACES[fault.validationContext ?? ""] ?? "query";
    return new BropError("request.invalid", { field, in: place, reason: invalid.message });
  }
  if (fault instanceof BropError || statusCode >= 500) return undefined;
  const options = { cause: fault };
  if (statusCode === 413) return new BropError("request.too-large", {}, undefined, options);
  if (statusCode === 415) return new BropError("request.media-type", {}, undefined, options);
  if (statusCode === 404) return new BropError("resource.not-found", {}, undefined, options);
  if (code === "FST_ERR_CTP_INVALID_JSON_BODY") return new BropError("request.malformed", {}, undefined, options);
  return new BropError("request.invalid", { reason }, undefined, options);
}

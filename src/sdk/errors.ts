import { isError } from "ethers";
import { errorFromRevert } from "../chain/contract-errors.ts";
import { BropError } from "../core/errors.ts";

/**
 * Turns whatever ethers or the network threw into an error of the one table: a contract's custom error, an answer of
 * an access node, a connection that failed.
 */
export function bropErrorFrom(thrown: unknown): BropError {
  if (thrown instanceof BropError) return thrown;
  if (isError(thrown, "CALL_EXCEPTION") && typeof thrown.data === "string") return errorFromRevert(thrown.data);
  const known = BropError.from(thrown);
  if (known.code !== "service.internal") return known;
  if (isUnanswered(thrown)) return unreachable(thrown);
  if (isError(thrown, "INVALID_ARGUMENT")) {
    return new BropError("request.invalid", { field: thrown.argument, reason: thrown.shortMessage }, undefined, {
      cause: thrown,
    });
  }
  return known;
}

/** The error for an execution that reverted, in the same form as the access node's when it estimates. */
export function operationReverted(revertData: string | undefined, details: Record<string, unknown> = {}): BropError {
  if (revertData === undefined || revertData.length <= 2) {
    return new BropError("operation.reverted", {
      ...details,
      reason: "the call reverted without a reason, or its gas limit was too low",
    });
  }
  const cause = errorFromRevert(revertData);
  const members = { ...cause.details, ...details, cause: cause.code, reason: cause.message, revertData };
  return new BropError("operation.reverted", members, `The operation's execution reverted: ${cause.message}`);
}

function unreachable(cause: unknown): BropError {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return new BropError("chain.unreachable", { reason: String(code ?? message) }, undefined, { cause });
}

// Node's own words for connections that fail; browsers say TypeError.
const CONNECTION_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

function isUnanswered(thrown: unknown): boolean {
  if (isError(thrown, "NETWORK_ERROR") || isError(thrown, "TIMEOUT") || isError(thrown, "SERVER_ERROR")) return true;
  const { code } = (thrown ?? {}) as { code?: unknown };
  return (
    (typeof code === "string" && CONNECTION_CODES.has(code)) ||
    (thrown instanceof TypeError && /fetch|network/i.test(thrown.message))
  );
}

import type { ErrorEntry } from "./error-entry.ts";
import { ERRORS } from "./error-table.ts";

export type { ErrorEntry } from "./error-entry.ts";
export { ERRORS } from "./error-table.ts";

export type ErrorCode = keyof typeof ERRORS;
export type ErrorDetails = Record<string, unknown>;

/** Problem details, RFC 9457. Members beyond these are the error's details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  code: ErrorCode;
  remedy: string;
  [member: string]: unknown;
}

/** The `error` member of a JSON-RPC 2.0 response. */
export interface RpcError {
  code: number;
  message: string;
  data: { code: ErrorCode; remedy: string; [member: string]: unknown };
}

/** True if `code` is in the error table. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERRORS, code);
}

/**
 * An error that a user can see. Every interface (HTTP, JSON-RPC, command line, site) shows the same code, words
 * and remedy for it, taken from the one table.
 *
 * @example throw new BropError("quota.exhausted", { missing: 120n, availableAtBlock: 4567 })
 */
export class BropError extends Error {
  readonly code: ErrorCode;
  /** JSON-safe: bigint is a decimal string, bytes are hex, undefined members are left out. */
  readonly details: ErrorDetails;

  /**
   * @param message what happened, for people; by default the table's title with the details in words
   * @param options.cause the error behind this one; it goes to logs, never to users
   */
  constructor(code: ErrorCode, details: ErrorDetails = {}, message?: string, options?: { cause?: unknown }) {
    const safe = jsonSafeMembers(details, []);
    super(soundText(message ?? describe(code, safe)), options);
    this.name = "BropError";
    this.code = code;
    this.details = safe;
  }

  get entry(): ErrorEntry {
    return ERRORS[this.code];
  }

  get httpStatus(): number {
    return this.entry.httpStatus;
  }

  get remedy(): string {
    return this.entry.remedy;
  }

  /** Problem details (RFC 9457), with the details as further members. Details never replace the standard members. */
  toProblem(instance?: string): Problem {
    return {
      ...this.details,
      type: `urn:brop:error:${this.code}`,
      title: this.entry.title,
      status: this.entry.httpStatus,
      detail: this.message,
      ...(instance === undefined ? {} : { instance }),
      code: this.code,
      remedy: this.entry.remedy,
    };
  }

  /** The `error` member of a JSON-RPC 2.0 response; `data` carries the table's code, the remedy and the details. */
  toRpcError(): RpcError {
    return {
      code: this.entry.rpcCode,
      message: this.message,
      data: { ...this.details, code: this.code, remedy: this.entry.remedy },
    };
  }

  toJSON(): Problem {
    return this.toProblem();
  }

  /**
   * Turns anything thrown into a BropError: one that is one already stays itself; problem details and JSON-RPC errors
   * made by another BROP process, also those that ethers or viem wrapped, are read back; operating-system errors
   * get their own code; all else becomes `service.internal`, with the original as cause and its text kept from users.
   */
  static from(thrown: unknown): BropError {
    return fromKnown(thrown, thrown, 0) ?? new BropError("service.internal", {}, undefined, { cause: thrown });
  }
}

// Where other libraries keep what the server said: JSON-RPC `error` and `data`, ethers `info`, standard `cause`.
const WRAPPERS = ["error", "data", "info", "cause", "body"] as const;
const PROBLEM_MEMBERS = new Set(["type", "title", "status", "detail", "instance", "code", "remedy"]);

function fromKnown(value: unknown, thrown: unknown, depth: number): BropError | undefined {
  if (value instanceof BropError) return value;
  if (typeof value !== "object" || value === null || depth > 6) return undefined;
  const candidate = value as Record<string, unknown>;
  const system = fromSystemError(candidate, thrown);
  if (system !== undefined) return system;
  // JSON-RPC: the words are beside `data`, the code inside it.
  const data = candidate.data as Record<string, unknown> | null | undefined;
  if (typeof data === "object" && data !== null && isErrorCode(data.code)) {
    return fromMembers(data.code, data, candidate.message, thrown);
  }
  if (isErrorCode(candidate.code)) return fromMembers(candidate.code, candidate, candidate.detail, thrown);
  for (const wrapper of WRAPPERS) {
    const found = fromKnown(candidate[wrapper], thrown, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fromMembers(code: ErrorCode, members: Record<string, unknown>, message: unknown, cause: unknown): BropError {
  const details = Object.fromEntries(Object.entries(members).filter(([name]) => !PROBLEM_MEMBERS.has(name)));
  return new BropError(code, details, typeof message === "string" ? message : undefined, { cause });
}

function fromSystemError(error: Record<string, unknown>, thrown: unknown): BropError | undefined {
  if (typeof error.syscall !== "string") return undefined;
  const options = { cause: thrown };
  switch (error.code) {
    case "ENOENT":
      return new BropError("file.not-found", { path: error.path }, undefined, options);
    case "EACCES":
    case "EPERM":
    case "EISDIR":
      return error.syscall === "listen"
        ? undefined
        : new BropError("file.unreadable", { path: error.path }, undefined, options);
    case "EADDRINUSE":
      return new BropError("port.taken", { port: error.port }, undefined, options);
    default:
      return undefined;
  }
}

function describe(code: ErrorCode, details: ErrorDetails): string {
  const words = Object.entries(details).map(([name, value]) => `${spaced(name)} ${shown(value)}`);
  const { title } = ERRORS[code];
  return words.length === 0 ? title : `${title} (${words.join(", ")})`;
}

function spaced(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

// A message is read by people: long bytes are cut there; `details` keeps them whole.
function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function jsonSafeMembers(value: object, above: object[]): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const safeMember = jsonSafe(member, [...above, value]);
    if (safeMember !== undefined) safe[name] = safeMember;
  }
  return safe;
}

function jsonSafe(value: unknown, above: object[]): unknown {
  switch (typeof value) {
    case "bigint":
      return value.toString();
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "string":
      return soundText(value);
    case "boolean":
      return value;
    case "object":
      break;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (above.includes(value)) return "[circular]";
  if (value instanceof Uint8Array) return `0x${Array.from(value, (b) => b.toString(16).padStart(2, "0")).join("")}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (value instanceof Error) return value.message;
  if (Array.isArray(value)) return value.map((member) => jsonSafe(member, [...above, value]) ?? null);
  return jsonSafeMembers(value, above);
}

// What somebody sent may be no text; errors about it are stored and logged.
function soundText(text: string): string {
  return text.replace(/\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

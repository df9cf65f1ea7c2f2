import { existsSync, renameSync, statSync } from "node:fs";
import { type Logger, pino } from "pino";
import type { LogLevel } from "../config.ts";

const LARGEST = 20_000_000;

export interface PlatformLogger {
  logger: Logger;
  /** Writes what is still in memory. */
  close(): void;
}

/** Causes that are followed. */
const DEEPEST = 5;

/**
 * What a log line says of an error. Databases hang their statement with its values on an error, and others whole requests:
 * nothing but these members gets into the log.
 */
export function loggedError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: typeof error };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    ...{ type: name, message, stack },
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(cause === undefined || depth === DEEPEST ? {} : { cause: loggedError(cause, depth + 1) }),
  };
}

/**
 * Opens the log: one JSON line an entry. A file that has grown large is put aside when the platform starts.
 *
 * @param file path of the log; without one it goes to standard output
 */
export function openLog(level: LogLevel, file?: string): PlatformLogger {
  if (file !== undefined && existsSync(file) && statSync(file).size > LARGEST) renameSync(file, `${file}.old`);
  // Synchronous: the last lines before a crash are the ones that are wanted.
  const destination = pino.destination({ dest: file ?? 1, mkdir: true, sync: true });
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: loggedError },
      redact: ["privateKey", "*.privateKey", "password", "*.password", "databaseUrl", "req.headers.authorization"],
    },
    destination,
  );
  return { logger, close: () => destination.end() };
}

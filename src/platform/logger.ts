import { existsSync, renameSync, statSync } from "node:fs";
import { type Logger, pino } from "pino";
import type { LogLevel } from "../config.ts";

const LARGEST = 20_000_000;

export interface PlatformLogger {
  logger: Logger;
  /** Writes what is still in memory. */
  close(): void;
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
      serializers: { err: pino.stdSerializers.errWithCause },
      redact: ["privateKey", "*.privateKey", "password", "*.password", "databaseUrl", "req.headers.authorization"],
    },
    destination,
  );
  return { logger, close: () => destination.end() };
}

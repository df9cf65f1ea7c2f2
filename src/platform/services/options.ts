import type { Logger } from "pino";
import type { RpcClient } from "../../chain/rpc-client.ts";
import type { Config } from "../../config.ts";
import type { BropError } from "../../core/errors.ts";
import type { Database } from "../../store/database.ts";
import type { Cleanup } from "../cleanup.ts";
import type { DataFolder } from "../data-folder.ts";
import type { Part } from "../parts.ts";
import type { Report } from "../report.ts";
import type { SigningCounts } from "./signing-measurements.ts";

/** What every part of a process gets when it is started. */
export interface ServicesOptions {
  config: Config;
  folder: DataFolder;
  parts: ReadonlySet<Part>;
  db: Database;
  rpc: RpcClient;
  chainUrl: string;
  /** Where this process listens. */
  url: string;
  /** Whether the chain may lose its newest blocks. */
  development: boolean;
  report: Report;
  logger: Logger;
  /** What is to be closed at the end. */
  cleanup: Cleanup;
  onFailure: (error: BropError) => void;
  /** What the process's keys sign. */
  signing: SigningCounts;
}

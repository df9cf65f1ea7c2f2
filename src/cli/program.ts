import { Command } from "commander";
import { addAdmit } from "./commands/admit.ts";
import { addApiKey } from "./commands/api-key.ts";
import { addAudit } from "./commands/audit.ts";
import { addBackup } from "./commands/backup.ts";
import { addBatch } from "./commands/batch.ts";
import { addBundle } from "./commands/bundle.ts";
import { addCertify } from "./commands/certify.ts";
import { addCouncil } from "./commands/council.ts";
import { addEvents } from "./commands/events.ts";
import { addFile } from "./commands/file.ts";
import { addKeys } from "./commands/keys.ts";
import { addNetwork } from "./commands/network.ts";
import { addObject } from "./commands/object.ts";
import { addOperator } from "./commands/operator.ts";
import { addQuota } from "./commands/quota.ts";
import { addRecord } from "./commands/record.ts";
import { addSql } from "./commands/sql.ts";
import { addStart } from "./commands/start.ts";
import { addStatus } from "./commands/status.ts";
import { addSubscription } from "./commands/subscription.ts";
import { addTimeline } from "./commands/timeline.ts";
import { addTimestamp } from "./commands/timestamp.ts";
import { addToken } from "./commands/token.ts";
import { addVerify } from "./commands/verify.ts";
import { addVoucher } from "./commands/voucher.ts";

// Commands load what they need when they run, so that `brop --help` and a mistyped option answer at once.
const COMMANDS = [
  addStart,
  addStatus,
  addKeys,
  addToken,
  addAdmit,
  addCertify,
  addRecord,
  addBatch,
  addVerify,
  addBundle,
  addObject,
  addTimeline,
  addTimestamp,
  addVoucher,
  addQuota,
  addCouncil,
  addOperator,
  addNetwork,
  addApiKey,
  addEvents,
  addSubscription,
  addFile,
  addSql,
  addBackup,
  addAudit,
];

/** @param options.silent errors of the command line are thrown only, not written */
export function createProgram({ silent = false } = {}): Command {
  const program = new Command("brop")
    .description("BROP, the Blockchain Registry Open Platform: identity, evidence and vouchers on one consortium chain")
    .option("--rpc <URL>", "platform or JSON-RPC address (BROP_RPC_URL; default http://127.0.0.1:8420)")
    .option("--keys <DIR>", "folder of keys (default: keys in the data folder, ./data/keys)")
    .option("--as <NAME>", "key to act with: its name, its address at Web3Signer, or its pkcs11: address")
    .option("--wait", "wait for missing quota points, where they will be there within 100 blocks")
    .option("--json", "one JSON document on standard output, and nothing else there")
    .option("--quiet", "say nothing but errors")
    .showHelpAfterError("(--help shows what is possible)")
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  if (silent) program.configureOutput({ writeErr: () => undefined });
  // Commands take the settings above over when they are made.
  for (const add of COMMANDS) add(program);
  return program;
}

import { join } from "node:path";
import { type AuditReport, type Finding, runAudit } from "../../audit/audit.ts";
import { BatchTreesCheck } from "../../audit/batch-trees.ts";
import { FileStoreCheck } from "../../audit/file-store.ts";
import { IndexRowsCheck } from "../../audit/index-rows.ts";
import { RpcClient } from "../../chain/rpc-client.ts";
import { readConfig } from "../../config.ts";
import { systemClock } from "../../core/clock.ts";
import { installNativePairHasher } from "../../core/sha256-pairs.node.ts";
import { openContentStore } from "../../platform/services/hosting.ts";
import { findRpc } from "../../sdk/find-rpc.ts";
import { EXIT_FAILURE } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { openExisting } from "./open-existing.ts";

/** Milliseconds between two lines that say how far it is. */
const EVERY = 2_000;

/** Ends with exit code 1 when something is not as the chain says. */
export async function audit(session: Session): Promise<void> {
  const { output } = session;
  await installNativePairHasher();
  const rpc = new RpcClient((await findRpc(session.url)).url);
  const db = await openExisting();
  try {
    const findings: Finding[] = [];
    const config = readConfig({});
    const store = await openContentStore(config, { files: join(config.data, "files") });
    const checks = [new IndexRowsCheck(db, rpc), new BatchTreesCheck(db), new FileStoreCheck(db, store, systemClock)];
    const outcome = await runAudit(checks, reporting(session), (finding) => {
      findings.push(finding);
      output.note(words(finding));
    });
    const sound = findings.length === 0;
    if (!sound) process.exitCode = EXIT_FAILURE;
    output.result({ sound, ...outcome, findings }, () =>
      [
        ...outcome.checks.map(
          ({ name, findings: count, complete }) => `${name}: ${count}${complete ? "" : " and more"}`,
        ),
        sound ? "Everything is as the chain says." : "Not everything is as the chain says.",
      ].join("\n"),
    );
  } finally {
    await db.close();
    rpc.close();
  }
}

function words({ check, place, key, part, is, should }: Finding): string {
  const where = part === undefined ? place : `${place}.${part}`;
  return `${check}: ${where} of ${JSON.stringify(key)} is ${JSON.stringify(is)}, should be ${JSON.stringify(should)}`;
}

function reporting({ output }: Session): AuditReport {
  let last = 0;
  return {
    progress(check, what, done, total) {
      const now = performance.now();
      if (now - last < EVERY) return;
      last = now;
      output.note(`${check}: ${what}, ${done}${total === undefined ? "" : ` of ${total}`}`);
    },
  };
}

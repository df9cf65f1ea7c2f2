import { join } from "node:path";
import { type Trial, trialIn } from "../../network/local/trial.ts";
import { type Report, reportTo } from "../../platform/report.ts";
import type { Session } from "../session.ts";

/** Option of every command about a network. */
export interface FolderOption {
  dir?: string;
}

export function networkDirectory(session: Session, { dir }: FolderOption): string {
  return dir ?? join(session.data, "network");
}

/** The network of the folder that the command line names. @throws BropError `network.not-founded`, `network.not-local` */
export function trialOf(session: Session, typed: FolderOption): Trial {
  return trialIn(networkDirectory(session, typed));
}

/** Steps as they are done, for people. */
export function reportOf({ options: { json, quiet } }: Session): Report {
  if (!json && !quiet) return reportTo(process.stderr);
  return { step: (_title, work) => work(), note: () => undefined };
}

/** Aborted by Ctrl-C and by SIGTERM. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

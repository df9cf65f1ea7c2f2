import { resolve } from "node:path";
import { writeMonitoring } from "../../network/monitoring/write.ts";
import { networkFolder, requireRecord } from "../../network/record.ts";
import type { Session } from "../session.ts";
import { type FolderOption, networkDirectory } from "./network-folder.ts";

export async function monitoring(session: Session, typed: FolderOption & { at?: string; out?: string }): Promise<void> {
  const folder = networkFolder(networkDirectory(session, typed));
  const record = requireRecord(folder);
  const target = typed.out === undefined ? folder.monitoring : resolve(typed.out);
  const result = await writeMonitoring(record, target, typed.at);
  const { at, changed, outOfReach } = result;
  if (outOfReach.length > 0) {
    session.output.note(
      `not asked: ${outOfReach.join(", ")}. They tell their measurements on their own machines only: ` +
        "make a folder for each with --at, or set rpcHost in the consortium's file",
    );
  }
  session.output.result({ ...result, network: record.name }, () =>
    changed.length === 0
      ? `Nothing was changed: ${target} watches ${record.name} from the machine of ${at}.`
      : `${target}: ${changed.length} files written, to watch ${record.name} from the machine of ${at}. Its README.md says how.`,
  );
}

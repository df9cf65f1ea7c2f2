import { followLogs, type LogLine, logFiles, readLogs } from "../../network/local/logs.ts";
import type { Session } from "../session.ts";
import { printable } from "../table.ts";
import { type FolderOption, interruption, trialOf } from "./network-folder.ts";

export interface LogsTyped extends FolderOption {
  lines: number;
  follow?: boolean;
}

export async function logs(session: Session, source: string | undefined, typed: LogsTyped): Promise<void> {
  const files = logFiles(trialOf(session, typed), source);
  const tell = ({ source: from, line }: LogLine) => (files.size === 1 ? line : `${from} | ${line}`);
  const lines = readLogs(files, typed.lines);
  if (!typed.follow) {
    session.output.result({ lines }, () => lines.map((line) => printable(tell(line))).join("\n"));
    return;
  }
  // What has no end is no one document: each line is one.
  const { json } = session.options;
  const write = (line: LogLine) => process.stdout.write(`${json ? JSON.stringify(line) : printable(tell(line))}\n`);
  for (const line of lines) write(line);
  await followLogs(files, write, interruption());
}

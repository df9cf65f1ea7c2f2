import { spawnSync } from "node:child_process";

/** Why Prometheus' own tool can not be used here; undefined when it can. */
export function whyNo(tool: "promtool" | "amtool"): string | undefined {
  const { error } = spawnSync(tool, ["--version"]);
  return error === undefined ? undefined : `there is no ${tool} on the search path for programs`;
}

/** Runs it. @throws Error with its words when it finds a fault */
export function run(tool: "promtool" | "amtool", ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${tool} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

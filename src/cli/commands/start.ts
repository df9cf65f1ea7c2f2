import type { Command } from "commander";
import { type Flags, SETTINGS, type Setting } from "../../config.ts";
import type { GlobalOptions } from "../options.ts";

/** `brop start`: runs the platform. */
export function addStart(program: Command): void {
  const command = program.command("start").description("run the platform until Ctrl-C");
  for (const setting of Object.values(SETTINGS) as Setting<unknown>[]) {
    const { flag, placeholder, description, environment, fallback } = setting;
    // `--rpc` is an option of every command already.
    if (flag === undefined || flag === SETTINGS.rpcUrl.flag) continue;
    const otherwise = fallback === undefined ? environment : `${environment}; default ${fallback}`;
    command.option(`${flag} <${placeholder}>`, `${description} (${otherwise})`);
  }
  command.action(async (typed: Flags, self: Command) => {
    const { start } = await import("../../platform/start.ts");
    const { rpc, json = false } = self.optsWithGlobals<GlobalOptions>();
    await start({ ...typed, ...(rpc === undefined ? {} : { rpcUrl: rpc }) }, { json });
  });
}

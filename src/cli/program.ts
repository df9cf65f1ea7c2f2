import { Command } from "commander";
import { addStart } from "./commands/start.ts";

// Commands load what they need when they run, so that `brop --help` and a mistyped option answer at once.
const COMMANDS = [addStart];

/** @param options.silent errors of the command line are thrown only, not written */
export function createProgram({ silent = false } = {}): Command {
  const program = new Command("brop")
    .description("BROP, the Blockchain Registry Open Platform: identity, evidence and vouchers on one consortium chain")
    .option("--rpc <URL>", "platform or JSON-RPC address (BROP_RPC_URL; default http://127.0.0.1:8420)")
    .option("--keys <DIR>", "folder of keys (default: keys in the data folder, ./data/keys)")
    .option("--as <NAME>", "key to act with")
    .option("--json", "one JSON document on standard output, and nothing else there")
    .option("--quiet", "say nothing but errors")
    .showHelpAfterError("(--help shows what is possible)")
    .configureHelp({ showGlobalOptions: true });
  // Commands take these settings over when they are made, so they come first.
  program.exitOverride();
  if (silent) program.configureOutput({ writeErr: () => undefined });
  for (const add of COMMANDS) add(program);
  return program;
}

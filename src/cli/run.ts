import { CommanderError } from "commander";
import { BropError } from "../core/errors.ts";
import { EXIT_FAILURE, EXIT_USAGE } from "./exit-codes.ts";
import { outputOf } from "./output.ts";
import { createProgram } from "./program.ts";

/** Runs one command and sets the process's exit code (docs/cli.md). */
export async function run(args: readonly string[]): Promise<void> {
  const json = args.includes("--json");
  const program = createProgram({ silent: json });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (thrown) {
    const output = outputOf({ json });
    if (thrown instanceof CommanderError) {
      // Help that was asked for. Other words have been written already, except where JSON is wanted.
      if (thrown.exitCode === 0) return;
      process.exitCode = EXIT_USAGE;
      if (json) output.fail(new BropError("request.invalid", { reason: thrown.message.replace(/^error: /, "") }));
      return;
    }
    const error = BropError.from(thrown);
    process.exitCode = error.code === "configuration.invalid" ? EXIT_USAGE : EXIT_FAILURE;
    output.fail(error);
  }
}

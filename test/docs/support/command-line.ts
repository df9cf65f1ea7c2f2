import { type Command, CommanderError } from "commander";
import { createProgram } from "../../../src/cli/program.ts";

/**
 * Reads a call of `brop` as the real program does, and does nothing.
 * @returns what it refuses, undefined when it takes the call
 */
export function refusalOf(words: readonly string[]): string | undefined {
  const program = createProgram({ silent: true });
  let called = false;
  disarm(program, () => {
    called = true;
  });
  try {
    program.parse([...words], { from: "user" });
    return called ? undefined : "it names no command that does something";
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
}

function disarm(command: Command, tell: () => void): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const child of command.commands) disarm(child, tell);
  if (command.commands.length === 0) command.action(tell);
}

import type { Command } from "commander";
import type { GlobalOptions } from "./options.ts";
import type { Session } from "./session.ts";

/** What a command does, given its arguments and then its options. */
type Work = (session: Session, ...given: never[]) => Promise<void>;

/**
 * Runs a command in a session that is closed afterwards.
 * @param load loads the command's work, and with it all that it needs, only when it is run
 */
export function action(load: () => Promise<Work>) {
  return async (...all: unknown[]): Promise<void> => {
    const command = all.pop() as Command;
    const [work, { Session }] = await Promise.all([load(), import("./session.ts")]);
    const session = new Session(command.optsWithGlobals<GlobalOptions>(), (message) => command.error(message));
    try {
      await work(session, ...(all as never[]));
    } finally {
      await session.close();
    }
  };
}

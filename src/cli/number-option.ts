import type { Session } from "./session.ts";

/** An option that is a whole number. Ends the command for anything else. */
export function wholeNumber(session: Session, option: string, text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : session.misuse(`error: ${option} must be a whole number`);
}

/** An option that is JSON. Ends the command for anything else. */
export function parseJsonOption(session: Session, option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return session.misuse(`error: ${option} must be JSON`);
  }
}

import type { Forgery } from "./forgeries.ts";
import type { Verdict } from "./stranger.ts";

/** Whether a stranger found a forgery and named it rightly: the fault and its place, and nothing else. */
export function isFound({ expected }: Pick<Forgery, "expected">, verdict: Verdict, honest: Verdict): boolean {
  const victim = honest.stops.find(({ document }) => document?.name === expected.victim);
  const [fault, ...others] = verdict.faults;
  if (victim === undefined || fault === undefined || others.length > 0 || verdict.confirmed) return false;
  return fault.code === expected.code && fault.index === victim.index;
}

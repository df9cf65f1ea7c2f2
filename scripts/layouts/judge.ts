import { compareLayouts } from "./compare.ts";
import type { Layouts } from "./layout.ts";
import { PROTOCOL_LAYOUTS } from "./protocol.ts";

/** What the build's layouts are worth against the committed ones. */
export interface Judgement {
  /** What must not be: stored values would be read wrongly after an upgrade. */
  clashes: string[];
  /** Contracts whose committed layout is not the build's, without a clash. */
  outdated: string[];
}

/** @param fresh contracts that no network runs yet, so that their layouts may still change in any way */
export function judgeLayouts(committed: Layouts, compiled: Layouts, fresh: readonly string[] = []): Judgement {
  const clashes = clashesBetween(PROTOCOL_LAYOUTS, compiled, "read by validators: ");
  const outdated: string[] = [];
  for (const name of new Set([...Object.keys(committed), ...Object.keys(compiled)])) {
    const [before, after] = [committed[name], compiled[name]];
    if (before !== undefined && !fresh.includes(name)) clashes.push(...clashesBetween({ [name]: before }, compiled));
    if (JSON.stringify(before) !== JSON.stringify(after)) outdated.push(name);
  }
  return { clashes, outdated };
}

function clashesBetween(committed: Layouts, compiled: Layouts, prefix = ""): string[] {
  return Object.entries(committed).flatMap(([name, before]) => {
    const after = compiled[name];
    if (after === undefined) return [`${name}: the contract is gone`];
    return compareLayouts(before, after).clashes.map((words) => `${name}: ${prefix}${words}`);
  });
}

import type { Upgrade } from "./upgrade.ts";

/** An upgrade in words, a line each. */
export function describe({ contracts, creations, calls, reason, proposal, transactions }: Upgrade): string {
  const lines = contracts
    .filter(({ state }) => state !== "current")
    .map(({ name, state, from, to }) =>
      state === "fixed"
        ? `${name} stays as it is at ${from}: it has no proxy`
        : `${name} is outdated: ${from} is to become ${to}`,
    );
  if (creations.length > 0) lines.push("", "Code that was missing:");
  for (const { what, address } of creations) lines.push(`  ${what} at ${address}`);
  if (calls.length === 0) return [...lines, "Nothing to upgrade."].join("\n").trim();
  lines.push("", `Calls that Council is to make, for the reason ${reason}:`);
  for (const { what } of calls) lines.push(`  ${what}`);
  const state =
    proposal === undefined
      ? "No seat has proposed them yet."
      : `Proposal ${proposal.id} of these calls is ${proposal.status}: ${proposal.votes} of ${proposal.quorum} votes.`;
  return [...lines, "", `${state} ${transactions} transactions sent.`].join("\n").trim();
}

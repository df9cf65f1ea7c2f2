import type { SealedBlock } from "../../core/bundle/judge-blocks.ts";
import type { Statement } from "../../core/bundle/verdict.ts";
import { printable } from "../table.ts";

type Facts = Readonly<Record<string, unknown>>;

/** What a statement of a bundle proves, in lines for people. */
export function factLines({ name, facts, state }: Statement): string[] {
  if (state !== "proven" && state !== "unsealed") return [];
  return LINES[name](facts).map(printable);
}

const LINES: Record<Statement["name"], (facts: Facts) => string[]> = {
  format: () => [],
  network: ({ chainId, genesis }) => [`chain ${chainId}, which begins with block ${genesis}`],
  blocks: ({ blocks = [] }) => (blocks as (SealedBlock | Facts)[]).map(blockLine),
  contract: ({ name, address, since }) =>
    name === undefined ? [] : [`${name} is ${address}, listed since block ${since}`],
  event: (facts) => eventLines(facts),
  batch: ({ index, count, root }) => [`record ${index} of ${count} under the root ${root}`],
  content: ({ digest, algorithm }) => [`the data have the digest ${digest} (${algorithm})`],
  status: ({ status, block, timestamp }) => [`${status} as of block ${block}, ${time(timestamp)}`],
  certification: (facts) => certificationLines(facts),
  timestamp: ({ time: stated, authority, stamps }) => {
    const what = stamps === "claim" ? "what is claimed" : `block ${(stamps as { block: number }).block}`;
    return [`${authority} stamped ${what} at ${stated}`];
  },
};

function blockLine(block: SealedBlock | Facts): string {
  const { number, hash, timestamp, sealers, validators, quorum, epoch, round } = block as Partial<SealedBlock>;
  const place = `block ${number} of ${time(timestamp)}, ${hash}`;
  if (sealers === undefined) return `${place}: sealed by nobody`;
  const attempts = round === 0 ? "" : ` in round ${round}`;
  return `${place}: sealed${attempts} by ${sealers.length} of ${validators} validators of epoch ${epoch}, ${quorum} are needed`;
}

function eventLines(facts: Facts): string[] {
  const { block, timestamp, owner, responsible, digest, algorithmName, recordId, anchorId, address } = facts;
  const when = `block ${block}, ${time(timestamp)}`;
  if (owner === undefined) return [address === undefined ? when : `${address} said it in ${when}`];
  return [
    `digest ${digest} (${algorithmName ?? "unknown algorithm"})`,
    `owner ${owner}${/[1-9a-f]/.test(String(responsible).slice(2)) ? `, for whom ${responsible} answers` : ""}`,
    `recorded in ${when}`,
    recordId === undefined ? `anchor ${anchorId}` : `record ${recordId}`,
  ];
}

function certificationLines(facts: Facts): string[] {
  const { certifier, level, status, isLive, asOf, certifierStatus, recognisedBy, recognisedFromLevel } = facts;
  const said = `level ${level} by ${certifier} (${certifierStatus}), ${isLive ? "live" : `not live: ${status}`} as of block ${asOf}`;
  if (recognisedBy === undefined) return [said];
  const from =
    recognisedFromLevel === 0 ? "did not recognise it" : `recognised it from level ${recognisedFromLevel} on`;
  return [said, `${recognisedBy} ${from}`];
}

function time(seconds: unknown): string {
  return new Date(Number(seconds) * 1_000).toISOString().replace(".000", "");
}

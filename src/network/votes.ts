import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { throwFaults } from "./consortium/faults.ts";
import type { ConsortiumFile } from "./consortium/read-consortium.ts";
import { isPossessionProof, provePossession } from "./node-key.ts";
import type { NodeSecrets } from "./package/contents.ts";
import { admitRelay, admitValidator, type CouncilProposal, removeRelay, removeValidator } from "./proposals.ts";
import type { NetworkFolder, NetworkNode, NetworkRecord } from "./record.ts";
import { readSecrets } from "./secrets.ts";

/** What Council has to decide about a node, so that the running network is as the file has it. */
export interface PendingVote {
  node: string;
  about: "admit" | "remove";
  /** File of the proposal; undefined until the node's owner has proven to have the key. */
  path: string | undefined;
}

interface VoteInputs {
  folder: NetworkFolder;
  file: ConsortiumFile;
  record: NetworkRecord;
  /** Keys that this call made or read. */
  secrets: ReadonlyMap<string, NodeSecrets>;
}

/**
 * Writes the proposals for validators and relays that came to the file after block 0 or went out of it, as far as they
 * are not written yet. Whether Council has decided on them is not known here.
 *
 * @throws BropError `network.file-invalid` for a proof that does not prove anything
 */
export async function writeVotes(inputs: VoteInputs): Promise<PendingVote[]> {
  const { folder, file, record } = inputs;
  const votes: PendingVote[] = [];
  for (const node of record.nodes.filter(({ kind }) => kind !== "full")) {
    const planned = file.consortium.nodes.some(({ name }) => name === node.name);
    if (planned && node.founding) continue;
    const about = planned ? "admit" : "remove";
    const path = folder.vote(about, node.name);
    if (!existsSync(path)) {
      const proposal = planned ? await admission(node, inputs) : removal(node);
      if (proposal === undefined) {
        votes.push({ node: node.name, about, path: undefined });
        continue;
      }
      await mkdir(folder.votes, { recursive: true });
      await writeFile(path, `${JSON.stringify(proposal, null, 2)}\n`);
    }
    votes.push({ node: node.name, about, path });
  }
  return votes;
}

function removal(node: NetworkNode): CouncilProposal {
  if (node.relay !== undefined) return removeRelay(node.name, node.relay.address);
  return removeValidator(node, node.seat?.address as string);
}

async function admission(node: NetworkNode, inputs: VoteInputs): Promise<CouncilProposal | undefined> {
  if (node.relay !== undefined) return admitRelay(node.name, node.relay.address);
  const { folder, record, file, secrets } = inputs;
  const seat = node.seat?.address as string;
  const packaged = existsSync(folder.package(node.name));
  const atHand = secrets.get(node.name) ?? (packaged ? await readSecrets(folder, node) : undefined);
  if (atHand?.nodeKey !== undefined) {
    return admitValidator(node, seat, await provePossession(atHand.nodeKey, seat, record.chainId));
  }
  const plan = file.consortium.nodes.find(({ name }) => name === node.name);
  if (plan?.kind !== "validator" || plan.proof === undefined) return undefined;
  if (!isPossessionProof(plan.proof, node.address, seat, record.chainId)) {
    const line = file.lineOf([...plan.place, "proof"]);
    const problem = `is no signature of ${node.address} for the seat ${seat} on chain ${record.chainId}`;
    throwFaults(file.path, [
      { line, place: `${plan.name} proof`, problem, remedy: "make it with `brop network prove`" },
    ]);
  }
  return admitValidator(node, seat, plan.proof);
}

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { throwFaults } from "./consortium/faults.ts";
import type { ConsortiumFile } from "./consortium/read-consortium.ts";
import { isPossessionProof, provePossession } from "./node-key.ts";
import type { NodeSecrets } from "./package/contents.ts";
import {
  admitRelay,
  admitValidator,
  type CouncilProposal,
  removeRelay,
  removeValidator,
  rotateValidator,
} from "./proposals.ts";
import type { NetworkFolder, NetworkNode, NetworkRecord, Rotation, VoteSubject } from "./record.ts";
import { readSecrets } from "./secrets.ts";

/** What Council has to decide about a node, so that the running network is as the file has it. */
export interface PendingVote {
  node: string;
  about: VoteSubject;
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
  const { file, record } = inputs;
  const votes: PendingVote[] = [];
  for (const node of record.nodes.filter(({ kind }) => kind !== "full")) {
    const planned = file.consortium.nodes.some(({ name }) => name === node.name);
    if (planned && node.founding) continue;
    const proposal = () => (planned ? admission(node, inputs) : removal(node));
    votes.push(await vote(inputs.folder, node.name, planned ? "admit" : "remove", node.name, proposal));
  }
  for (const change of record.rotations ?? []) {
    const node = record.nodes.find(({ name }) => name === change.node);
    if (node !== undefined && node.kind !== "full") votes.push(...(await rotationVotes(node, change, inputs)));
  }
  return votes;
}

/** Writes a proposal, unless it is written already. */
async function vote(
  folder: NetworkFolder,
  node: string,
  about: VoteSubject,
  name: string,
  proposalOf: () => CouncilProposal | undefined | Promise<CouncilProposal | undefined>,
): Promise<PendingVote> {
  const path = folder.vote(about, name);
  if (!existsSync(path)) {
    const proposal = await proposalOf();
    if (proposal === undefined) return { node, about, path: undefined };
    await mkdir(folder.votes, { recursive: true });
    await writeFile(path, `${JSON.stringify(proposal, null, 2)}\n`);
  }
  return { node, about, path };
}

/** A relay has its successor beside it for a while, so that nothing that it has sent is lost: two proposals. */
async function rotationVotes(node: NetworkNode, change: Rotation, inputs: VoteInputs): Promise<PendingVote[]> {
  const { folder } = inputs;
  const { from, to, about } = change;
  if (about === "relay") {
    return [
      await vote(folder, `${node.name}'s relay ${to}`, "admit", `${node.name}-${to}`, () => admitRelay(node.name, to)),
      await vote(folder, `${node.name}'s relay ${from}`, "remove", `${node.name}-${from}`, () =>
        removeRelay(node.name, from),
      ),
    ];
  }
  if (node.kind !== "validator") return [];
  return [
    await vote(folder, node.name, "rotate", `${node.name}-${to}`, async () => {
      // Only the newest key can be proven; an older proposal that was never written is not wanted any more.
      if (to !== node.address) return undefined;
      const seat = node.seat?.address as string;
      const proof = await possession(node, seat, inputs);
      return proof === undefined ? undefined : rotateValidator(node.name, from, to, seat, proof);
    }),
  ];
}

function removal(node: NetworkNode): CouncilProposal {
  if (node.relay !== undefined) return removeRelay(node.name, node.relay.address);
  return removeValidator(node, node.seat?.address as string);
}

async function admission(node: NetworkNode, inputs: VoteInputs): Promise<CouncilProposal | undefined> {
  if (node.relay !== undefined) return admitRelay(node.name, node.relay.address);
  const seat = node.seat?.address as string;
  const proof = await possession(node, seat, inputs);
  return proof === undefined ? undefined : admitValidator(node, seat, proof);
}

/** The proof that a validator's key is there: made with it where it is at hand, or else from the file. */
async function possession(node: NetworkNode, seat: string, inputs: VoteInputs): Promise<string | undefined> {
  const { folder, record, file, secrets } = inputs;
  const packaged = existsSync(folder.package(node.name));
  const atHand = secrets.get(node.name) ?? (packaged ? await readSecrets(folder, node) : undefined);
  if (atHand?.nodeKey !== undefined) return provePossession(atHand.nodeKey, seat, record.chainId);
  const plan = file.consortium.nodes.find(({ name }) => name === node.name);
  if (plan?.kind !== "validator" || plan.proof === undefined) return undefined;
  if (!isPossessionProof(plan.proof, node.address, seat, record.chainId)) {
    const line = file.lineOf([...plan.place, "proof"]);
    const problem = `is no signature of ${node.address} for the seat ${seat} on chain ${record.chainId}`;
    throwFaults(file.path, [
      { line, place: `${plan.name} proof`, problem, remedy: "make it with `brop network prove`" },
    ]);
  }
  return plan.proof;
}

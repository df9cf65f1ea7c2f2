import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { Interface, id as keccakOfText } from "ethers";
import { readArtifact } from "../chain/artifacts.node.ts";
import { SENDER_ALLOWANCES } from "../chain/genesis/parameters.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";
import { throwFaults } from "./consortium/faults.ts";
import type { ConsortiumFile } from "./consortium/read-consortium.ts";
import { isPossessionProof, provePossession } from "./node-key.ts";
import type { NodeSecrets } from "./package/contents.ts";
import type { NetworkFolder, NetworkNode, NetworkRecord } from "./record.ts";
import { readSecrets } from "./secrets.ts";

/** What Council is asked to decide, as a file that its seats pass on. */
export interface CouncilProposal {
  title: string;
  /** Digest of the title, which goes on chain as the reason. */
  reason: string;
  calls: { what: string; target: string; data: string }[];
}

/** A node that has no part in the running network before Council decides so. */
export interface PendingVote {
  node: string;
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

/** `IAdmission.Kind`. */
const SEAT = 2;
const RELAY = 3;

/**
 * Writes the proposals for validators and relays that came after block 0, as far as they are not written yet.
 *
 * @throws BropError `network.file-invalid` for a proof that does not prove anything
 */
export async function writeVotes(inputs: VoteInputs): Promise<PendingVote[]> {
  const { folder, record, secrets } = inputs;
  const votes: PendingVote[] = [];
  for (const node of record.nodes) {
    if (node.founding || node.kind === "full") continue;
    const path = folder.vote(node.name);
    if (!existsSync(path)) {
      const proposal = await proposalFor(node, inputs, secrets.get(node.name));
      if (proposal === undefined) {
        votes.push({ node: node.name, path: undefined });
        continue;
      }
      await mkdir(folder.votes, { recursive: true });
      await writeFile(path, `${JSON.stringify(proposal, null, 2)}\n`);
    }
    votes.push({ node: node.name, path });
  }
  return votes;
}

async function proposalFor(
  node: NetworkNode,
  { folder, record, file }: VoteInputs,
  secrets: NodeSecrets | undefined,
): Promise<CouncilProposal | undefined> {
  if (node.relay !== undefined) return admitRelay(node.name, node.relay.address);
  const seat = node.seat?.address as string;
  const atHand = secrets ?? (existsSync(folder.package(node.name)) ? await readSecrets(folder, node) : undefined);
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

/** The proposal by which Council gives a new bookkeeper seat and place among the validators. */
export function admitValidator({ name, address }: NetworkNode, seat: string, proof: string): CouncilProposal {
  return proposal(`Admit the bookkeeper ${seat} with the validator ${name} (${address})`, [
    call(`a seat for ${seat}`, "Council", "addSeat", [seat]),
    call(`direct transactions for ${seat}`, "Admission", "admit", [seat, SEAT, SENDER_ALLOWANCES.seat]),
    call(`${name} seals blocks`, "ValidatorSet", "add", [seat, address, proof]),
  ]);
}

/** The proposal by which Council admits a relay of the operator's. */
function admitRelay(name: string, relay: string): CouncilProposal {
  return proposal(`Admit the relay ${relay} of the access node ${name}`, [
    call(`direct transactions for ${relay}`, "Admission", "admit", [relay, RELAY, SENDER_ALLOWANCES.relay]),
  ]);
}

const proposal = (title: string, calls: CouncilProposal["calls"]) => ({ title, reason: keccakOfText(title), calls });

function call(what: string, contract: "Council" | "Admission" | "ValidatorSet", name: string, values: unknown[]) {
  const { abi } = readArtifact(`governance/${contract}`);
  return { what, target: SYSTEM_ADDRESSES[contract], data: new Interface(abi).encodeFunctionData(name, values) };
}

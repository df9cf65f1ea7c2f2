import { Interface, id as keccakOfText } from "ethers";
import { readArtifact } from "../chain/artifacts.node.ts";
import { SENDER_ALLOWANCES } from "../chain/genesis/parameters.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";

/** What Council is asked to decide, as a file that its seats pass on. */
export interface CouncilProposal {
  title: string;
  /** Digest of the title, which goes on chain as the reason. */
  reason: string;
  calls: { what: string; target: string; data: string }[];
}

/** A node as proposals name it. */
export interface NamedNode {
  name: string;
  address: string;
}

/** `IAdmission.Kind`. */
const SEAT = 2;
const RELAY = 3;

/**
 * Gives a new bookkeeper a seat and a place among the validators.
 * @param proof the node key's proof of possession
 */
export function admitValidator({ name, address }: NamedNode, seat: string, proof: string): CouncilProposal {
  return proposal(`Admit the bookkeeper ${seat} with the validator ${name} (${address})`, [
    call(`a seat for ${seat}`, "Council", "addSeat", [seat]),
    call(`direct transactions for ${seat}`, "Admission", "admit", [seat, SEAT, SENDER_ALLOWANCES.seat]),
    call(`${name} seals blocks`, "ValidatorSet", "add", [seat, address, proof]),
  ]);
}

/** Takes a bookkeeper's place among the validators, then its seat. */
export function removeValidator({ name, address }: NamedNode, seat: string): CouncilProposal {
  const title = `Remove the bookkeeper ${seat} with the validator ${name} (${address})`;
  return proposal(title, [
    call(`${name} seals no blocks any more`, "ValidatorSet", "remove", [address]),
    call(`no seat for ${seat}`, "Council", "removeSeat", [seat]),
    call(`no direct transactions for ${seat}`, "Admission", "remove", [seat, keccakOfText(title)]),
  ]);
}

/** Admits a relay of the operator's. */
export function admitRelay(name: string, relay: string): CouncilProposal {
  return proposal(`Admit the relay ${relay} of the access node ${name}`, [
    call(`direct transactions for ${relay}`, "Admission", "admit", [relay, RELAY, SENDER_ALLOWANCES.relay]),
  ]);
}

/** Removes a relay of the operator's. */
export function removeRelay(name: string, relay: string): CouncilProposal {
  const title = `Remove the relay ${relay} of the access node ${name}`;
  return proposal(title, [
    call(`no direct transactions for ${relay}`, "Admission", "remove", [relay, keccakOfText(title)]),
  ]);
}

const proposal = (title: string, calls: CouncilProposal["calls"]) => ({ title, reason: keccakOfText(title), calls });

function call(what: string, contract: "Council" | "Admission" | "ValidatorSet", name: string, values: unknown[]) {
  const { abi } = readArtifact(`governance/${contract}`);
  return { what, target: SYSTEM_ADDRESSES[contract], data: new Interface(abi).encodeFunctionData(name, values) };
}

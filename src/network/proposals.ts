import { Interface, id as keccakOfText } from "ethers";
import { readAccessManager, readArtifact } from "../chain/artifacts.node.ts";
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
const OPERATOR = 1;
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

/**
 * Gives a validator another key, at the same place and for the same seat.
 * @param proof the new key's proof of possession
 */
export function rotateValidator(name: string, from: string, to: string, seat: string, proof: string): CouncilProposal {
  return proposal(`Give the validator ${name} of the bookkeeper ${seat} the key ${to} in place of ${from}`, [
    call(`${name} seals blocks with its new key`, "ValidatorSet", "rotate", [from, to, proof]),
  ]);
}

/** What an operator's key holds on the chain. */
export interface OperatorStanding {
  /** Roles in the AccessManager. */
  roles: readonly bigint[];
  /** Direct transactions a period. */
  allowance: bigint;
}

/** Puts another key into the operator's place, with everything that the old one holds. */
export function rotateOperator(from: string, to: string, { roles, allowance }: OperatorStanding): CouncilProposal {
  const title = `Put the key ${to} into the operator's place, which ${from} had`;
  return proposal(title, [
    call(`direct transactions for ${to}`, "Admission", "admit", [to, OPERATOR, allowance]),
    ...roles.map((role) => call(`role ${role} for ${to}`, "AccessManager", "grantRole", [role, to, 0])),
    ...roles.map((role) => call(`no role ${role} for ${from}`, "AccessManager", "revokeRole", [role, from])),
    call(`no direct transactions for ${from}`, "Admission", "remove", [from, keccakOfText(title)]),
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

type Governed = "Council" | "Admission" | "ValidatorSet" | "AccessManager";

function call(what: string, contract: Governed, name: string, values: unknown[]) {
  const { abi } = contract === "AccessManager" ? readAccessManager() : readArtifact(`governance/${contract}`);
  return { what, target: SYSTEM_ADDRESSES[contract], data: new Interface(abi).encodeFunctionData(name, values) };
}

import {
  AbiCoder,
  type ContractRunner,
  encodeBytes32String,
  Interface,
  keccak256,
  type Signer,
  sha256,
  toUtf8Bytes,
} from "ethers";
import { abiDigest } from "../../src/chain/genesis/abi-digest.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { canonicalize } from "../../src/core/canonical-json.ts";
import { contractAt } from "../deployment/contract.ts";
import type { Build } from "../deployment/creation.ts";
import { GENESIS_PROXIES, PLAN } from "../deployment/plan.ts";
import type { Comparison } from "./comparison.ts";

/** A call that Council is to make. */
export interface CouncilCall {
  what: string;
  target: string;
  data: string;
}

/** A proposal of exactly these calls that waits for votes, for its delay or for its execution. */
export interface Proposal {
  id: string;
  status: "open" | "agreed";
  votes: number;
  quorum: number;
  /** First block in which it can be executed, once it is agreed. */
  executableFrom?: number;
}

const STATUS = ["none", "open", "agreed", "executed", "cancelled", "lapsed"];
/** Below the cap of a transaction, 2^24 (EIP-7825). */
const SEAT_GAS = 16_000_000;

/** What Council has to do: put new code behind proxies, and list the interfaces that changed with it. */
export async function callsFor(
  runner: ContractRunner,
  comparisons: readonly Comparison[],
  build: Build,
): Promise<CouncilCall[]> {
  const directory = contractAt("governance/Directory", SYSTEM_ADDRESSES.Directory, runner);
  const calls: CouncilCall[] = [];
  for (const { path, name, proxied } of [...PLAN, ...GENESIS_PROXIES]) {
    const found = comparisons.find((one) => one.name === name);
    if (name === undefined || !proxied || found === undefined || found.state === "fixed") continue;
    const { address, state, to } = found;
    const { abi } = build(path);
    if (state === "outdated") {
      const data = new Interface(abi).encodeFunctionData("upgradeToAndCall", [to, "0x"]);
      calls.push({ what: `${name} gets the code at ${to}`, target: address, data });
    }
    const key = encodeBytes32String(name);
    const [digest, entry] = [abiDigest(abi), await directory.getFunction("entryOf")(key)];
    if (entry.abiDigest === digest) continue;
    const data = directory.interface.encodeFunctionData("replace", [key, address, digest]);
    calls.push({ what: `${name} is listed with its new interface`, target: SYSTEM_ADDRESSES.Directory, data });
  }
  return calls;
}

/** Digest that the proposal states as its reason: of the calls and what each is for, as canonical JSON (RFC 8785). */
export const reasonOf = (calls: readonly CouncilCall[]) => sha256(toUtf8Bytes(canonicalize(calls)));

/** The proposal of these calls that is not decided yet. */
export async function pendingProposal(
  runner: ContractRunner,
  calls: readonly CouncilCall[],
): Promise<Proposal | undefined> {
  const council = contractAt("governance/Council", SYSTEM_ADDRESSES.Council, runner);
  const values = calls.map(({ target, data }) => [target, data]);
  const digest = keccak256(AbiCoder.defaultAbiCoder().encode(["tuple(address, bytes)[]"], [values]));
  for (let id = 1; ; id++) {
    const status = STATUS[Number(await council.getFunction("statusOf")(id))];
    if (status === "none") return undefined;
    if (status !== "open" && status !== "agreed") continue;
    const { callsDigest, votes, agreedBlock, delayBlocks } = await council.getFunction("proposal")(id);
    if (callsDigest !== digest) continue;
    const quorum = Number(await council.getFunction("quorum")());
    const executable = status === "agreed" ? { executableFrom: Number(agreedBlock + delayBlocks) } : {};
    return { id: String(id), status, votes: Number(votes), quorum, ...executable };
  }
}

/** Proposes the calls to Council, which is the seat's vote for them too. */
export async function propose(seat: Signer, calls: readonly CouncilCall[]): Promise<void> {
  await send(seat, "propose", [plain(calls), reasonOf(calls)]);
}

/** Votes for a proposal. @returns false when the seat had voted for it before */
export async function vote(seat: Signer, { id }: Proposal): Promise<boolean> {
  const council = contractAt("governance/Council", SYSTEM_ADDRESSES.Council, seat);
  if (await council.getFunction("hasVoted")(id, await seat.getAddress())) return false;
  await send(seat, "vote", [id]);
  return true;
}

/** Has Council make the calls of an agreed proposal. @throws when it is not agreed, or its delay has not passed */
export async function execute(seat: Signer, proposal: Proposal, calls: readonly CouncilCall[]): Promise<void> {
  const { id, votes, quorum, executableFrom } = proposal;
  if (executableFrom === undefined) throw new Error(`Proposal ${id} has ${votes} of ${quorum} votes`);
  const next = ((await seat.provider?.getBlockNumber()) ?? 0) + 1;
  if (next < executableFrom) throw new Error(`Proposal ${id} can be executed from block ${executableFrom} on`);
  await send(seat, "execute", [id, plain(calls)]);
}

const plain = (calls: readonly CouncilCall[]) => calls.map(({ target, data }) => ({ target, data }));

/** Sends a transaction of a seat's. @throws when the signer has none, or Council refuses */
async function send(seat: Signer, name: string, values: unknown[]): Promise<void> {
  const council = contractAt("governance/Council", SYSTEM_ADDRESSES.Council, seat);
  const address = await seat.getAddress();
  if (!(await council.getFunction("isSeat")(address))) throw new Error(`${address} has no seat in Council`);
  const response = await council.getFunction(name)(...values, { gasLimit: SEAT_GAS, gasPrice: 0, type: 0 });
  await response.wait();
}

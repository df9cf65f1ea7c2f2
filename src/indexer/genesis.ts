import { encodeBytes32String, Interface, type Result } from "ethers";
import { abi } from "../../generated/abi.ts";
import { NodeRpcError } from "../chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";
import type { Changes, Position } from "../store/changes.ts";
import type { ChainRpc } from "./chain-reader.ts";

/** Before the first log of block 0. */
const AT_GENESIS: Position = { block: 0, log: -1 };
/** No transaction made it. */
const NO_TRANSACTION = "0".repeat(64);
const MOST_CLASSES = 32;

const ADMIN_ROLE = 0;

type SystemContract = "Directory" | "AccessManager" | "Council" | "Admission" | "Quota" | "ValidatorSet";

/**
 * What the genesis allocation set without an event: Directory's first entries, Council's seats and terms, senders of
 * the seats, quota classes, validators. Nothing on a chain without BROP's contracts.
 *
 * Asked as of block 0. A node that keeps only recent states no longer knows it; then today's values stand in for the
 * first ones. The current state is right in any case, since every later change has its event.
 */
export async function readGenesis(rpc: ChainRpc, changes: Changes): Promise<void> {
  const block = (await knowsGenesis(rpc)) ? "0x0" : "latest";
  const code = await rpc.call<string>("eth_getCode", [SYSTEM_ADDRESSES.Directory, block]);
  if (code === "0x") return;
  const ask: Ask = (contract, method, list) => askAll(rpc, block, contract, method, list);
  await readDirectory(ask, changes);
  await readCouncil(ask, changes);
  await readQuota(ask, changes);
  await readValidators(ask, changes);
}

async function knowsGenesis(rpc: ChainRpc): Promise<boolean> {
  try {
    await rpc.call("eth_getCode", [SYSTEM_ADDRESSES.Directory, "0x0"]);
    return true;
  } catch (error) {
    if (error instanceof NodeRpcError) return false;
    throw error;
  }
}

async function readDirectory(ask: Ask, changes: Changes): Promise<void> {
  const names = Object.keys(SYSTEM_ADDRESSES);
  const targets = await ask(
    "Directory",
    "addressOf",
    names.map((name) => [encodeBytes32String(name)]),
  );
  const listed = names.filter((_, index) => !isZero(targets[index]?.[0]));
  const entries = await ask(
    "Directory",
    "entryOf",
    listed.map((name) => [encodeBytes32String(name)]),
  );
  for (const [index, name] of listed.entries()) {
    const [target, version, , abiDigest] = (entries[index] as Result)[0] as Result;
    changes.set("contracts", { name }, AT_GENESIS, {
      address: digits(target),
      version: Number(version),
      abi_digest: digits(abiDigest),
      transaction_hash: NO_TRANSACTION,
    });
  }
}

async function readCouncil(ask: Ask, changes: Changes): Promise<void> {
  const [seats] = await one(ask, "Council", "seats");
  const members = (seats as Result).toArray() as string[];
  const senders = await ask(
    "Admission",
    "senderOf",
    members.map((seat) => [seat]),
  );
  for (const [index, seat] of members.entries()) {
    changes.set("seats", { seat: digits(seat) }, AT_GENESIS, { seated: true, transaction_hash: NO_TRANSACTION });
    const [kind, validFrom, allowance, target] = (senders[index] as Result)[0] as Result;
    if (Number(kind) === 0) continue;
    changes.set("senders", { sender: digits(seat) }, AT_GENESIS, {
      kind: Number(kind),
      target: isZero(target) ? null : digits(target),
      valid_from: Number(validFrom),
      allowance: Number(allowance),
      partner: null,
      ground: null,
      transaction_hash: NO_TRANSACTION,
    });
  }
  const [delayBlocks, lifetimeBlocks] = await one(ask, "Council", "terms");
  const [periodBlocks] = await one(ask, "Admission", "periodBlocks");
  parameter(changes, "council.delayBlocks", delayBlocks);
  parameter(changes, "council.lifetimeBlocks", lifetimeBlocks);
  parameter(changes, "admission.periodBlocks", periodBlocks);
  // Who has the other roles in block 0 can not be asked for; Council holds the one that gives them.
  const [[member, delay]] = (await ask("AccessManager", "hasRole", [[ADMIN_ROLE, SYSTEM_ADDRESSES.Council]])) as [
    Result,
  ];
  changes.set("role_members", { role: String(ADMIN_ROLE), account: digits(SYSTEM_ADDRESSES.Council) }, AT_GENESIS, {
    member: member as boolean,
    delay: Number(delay),
    since: null,
    transaction_hash: NO_TRANSACTION,
  });
}

async function readValidators(ask: Ask, changes: Changes): Promise<void> {
  const [validators] = await one(ask, "ValidatorSet", "getValidators");
  const members = (validators as Result).toArray() as string[];
  const seats = await ask(
    "ValidatorSet",
    "seatOf",
    members.map((validator) => [validator]),
  );
  for (const [index, validator] of members.entries()) {
    const seat = seats[index]?.[0];
    changes.set("validators", { validator: digits(validator) }, AT_GENESIS, {
      member: true,
      seat: isZero(seat) ? null : digits(seat),
      epoch: 0,
      transaction_hash: NO_TRANSACTION,
    });
  }
}

async function readQuota(ask: Ask, changes: Changes): Promise<void> {
  const [bytePrice] = await one(ask, "Quota", "bytePrice");
  parameter(changes, "quota.bytePrice", bytePrice);
  const ids = Array.from({ length: MOST_CLASSES }, (_, index) => index + 1);
  const classes = await ask(
    "Quota",
    "class",
    ids.map((id) => [id]),
  );
  for (const [index, id] of ids.entries()) {
    const [ceiling, grant, initial, periodBlocks] = (classes[index] as Result)[0] as Result;
    if (Number(periodBlocks) === 0) continue;
    changes.set("quota_classes", { class: id }, AT_GENESIS, {
      ceiling: Number(ceiling),
      grant_points: Number(grant),
      initial: Number(initial),
      period_blocks: Number(periodBlocks),
      transaction_hash: NO_TRANSACTION,
    });
  }
}

function parameter(changes: Changes, name: string, value: unknown): void {
  changes.set("parameters", { name }, AT_GENESIS, { value: String(value), transaction_hash: NO_TRANSACTION });
}

/** Calls a view with each list of values. */
type Ask = (contract: SystemContract, method: string, lists: unknown[][]) => Promise<Result[]>;

async function one(ask: Ask, contract: SystemContract, method: string): Promise<Result> {
  return (await ask(contract, method, [[]]))[0] as Result;
}

async function askAll(rpc: ChainRpc, block: string, contract: SystemContract, method: string, lists: unknown[][]) {
  const face = new Interface(abi[contract]);
  const answers = await rpc.all(
    lists.map((values) => ({
      method: "eth_call",
      params: [{ to: SYSTEM_ADDRESSES[contract], data: face.encodeFunctionData(method, values) }, block],
    })),
  );
  return answers.map((answer) => face.decodeFunctionResult(method, answer as string));
}

function isZero(hex: unknown): boolean {
  return /^0x0*$/.test(String(hex));
}

function digits(hex: unknown): string {
  return String(hex).slice(2).toLowerCase();
}

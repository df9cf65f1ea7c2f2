import { AbiCoder, encodeBytes32String, getAddress, Interface, ZeroHash } from "ethers";
import { abi } from "../../../generated/abi.ts";
import type { FakeEvent } from "../../indexer/fake-chain.ts";
import { CONTRACTS, from, fromInstance } from "../../indexer/platform-events.ts";
import { recordIdOf } from "./identifiers.ts";

/** What contracts keep, as far as the simulated calls need it. */
export interface ContractState {
  /** Record identifier -> whether it is revoked. */
  records: Map<string, boolean>;
  /** Object identifier -> owner, links and last digest. */
  objects: Map<string, { owner: string; links: number; head: string }>;
  /** `voucher holder` -> amount. */
  balances: Map<string, bigint>;
  vouchers: Set<string>;
}

export interface ContractCall {
  target: string;
  data: string;
}

/** Revert data of a failed call. */
export class Revert extends Error {
  readonly data: string;

  constructor(data: string) {
    super("reverted");
    this.data = data;
  }
}

const records = new Interface(abi.Records);
const voucher = new Interface(abi.Voucher);
const EXECUTE = new Interface(["function execute(bytes32 mode, bytes data)"]);
const coder = AbiCoder.defaultAbiCoder();

/** The calls of an account's operation, read without the platform's own decoder. */
export function readCalls(callData: string): ContractCall[] {
  const [mode, data] = EXECUTE.decodeFunctionData("execute", callData);
  if (mode === ZeroHash) {
    return [{ target: getAddress(data.slice(0, 42)), data: `0x${data.slice(42 + 64)}` }];
  }
  const [calls] = coder.decode(["tuple(address target, uint256 value, bytes data)[]"], data);
  return [...calls].map(({ target, data: inner }) => ({ target, data: inner }));
}

/**
 * What a call of an account does to the state, and the events that it says; unknown functions do nothing.
 *
 * @param undo collects how to take it back
 * @throws Revert
 */
export function execute(
  state: ContractState,
  account: string,
  { target, data }: ContractCall,
  undo: (() => void)[],
): FakeEvent[] {
  if (target.toLowerCase() === CONTRACTS.Records.toLowerCase()) return executeRecords(state, account, data, undo);
  if (state.vouchers.has(target.toLowerCase())) return executeVoucher(state, target, account, data, undo);
  return [];
}

type Input = [digest: string, algorithm: bigint, kind: bigint, subject: string, businessKey: string, refersTo: string];

function executeRecords(state: ContractState, account: string, data: string, undo: (() => void)[]): FakeEvent[] {
  const call = records.parseTransaction({ data });
  if (call === null) return [];
  const record = ([digest, algorithm, kind, subject, businessKey, refersTo]: Input): [string, FakeEvent] => {
    const id = recordIdOf(account, digest, subject);
    if (state.records.has(id)) throw new Revert(records.encodeErrorResult("RecordExists", [id]));
    put(state.records, id, false, undo);
    const values = [digest, account, subject, algorithm, kind, `0x${"0".repeat(40)}`, businessKey, refersTo];
    return [id, from("Records", "Recorded", ...values)];
  };
  if (call.name === "record") return [record(call.args[0])[1]];
  if (call.name === "recordMany") return [...call.args[0]].map((input: Input) => record(input)[1]);
  if (call.name === "revoke") {
    const [digest, subject, reason] = call.args;
    const id = recordIdOf(account, digest, subject);
    const revoked = state.records.get(id);
    if (revoked === undefined) throw new Revert(records.encodeErrorResult("RecordUnknown", [id]));
    if (revoked) throw new Revert(records.encodeErrorResult("RecordWrongStatus", [id, 2]));
    put(state.records, id, true, undo);
    return [from("Records", "RecordRevoked", id, account, reason)];
  }
  if (call.name === "openObject") {
    const [key] = call.args;
    const id = recordIdOf(account, key, encodeBytes32String("object"));
    if (state.objects.has(id)) throw new Revert(records.encodeErrorResult("ObjectExists", [id]));
    put(state.objects, id, { owner: account, links: 0, head: ZeroHash }, undo);
    return [from("Records", "ObjectOpened", id, account, key)];
  }
  if (call.name === "append") {
    const [object, previous, input] = call.args;
    const found = state.objects.get(object);
    if (found === undefined) throw new Revert(records.encodeErrorResult("ObjectUnknown", [object]));
    if (found.head !== previous) {
      throw new Revert(records.encodeErrorResult("ObjectHeadMismatch", [object, found.head, previous]));
    }
    const [id, event] = record([input[0], input[1], input[2], object, input[4], input[5]]);
    put(state.objects, object, { ...found, links: found.links + 1, head: input[0] }, undo);
    return [event, from("Records", "Linked", object, id, found.links, previous, input[0])];
  }
  return [];
}

function executeVoucher(state: ContractState, target: string, account: string, data: string, undo: (() => void)[]) {
  const call = voucher.parseTransaction({ data });
  if (call?.name !== "safeTransferFrom") return [];
  const [sender, recipient, lot, amount] = call.args;
  const has = state.balances.get(holding(target, sender)) ?? 0n;
  if (sender !== account || has < amount) {
    throw new Revert(voucher.encodeErrorResult("VoucherAmountTooLarge", [amount]));
  }
  put(state.balances, holding(target, sender), has - amount, undo);
  put(
    state.balances,
    holding(target, recipient),
    (state.balances.get(holding(target, recipient)) ?? 0n) + amount,
    undo,
  );
  return [fromInstance(target, "Voucher", "TransferSingle", account, sender, recipient, lot, amount)];
}

/** Name of a balance. */
export function holding(target: string, holder: string): string {
  return `${target} ${holder}`.toLowerCase();
}

function put<Value>(map: Map<string, Value>, name: string, value: Value, undo: (() => void)[]): void {
  const before = map.get(name);
  undo.push(() => (before === undefined ? map.delete(name) : map.set(name, before)));
  map.set(name, value);
}

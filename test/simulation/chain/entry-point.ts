import { AbiCoder, getAddress, Interface, recoverAddress, ZeroAddress } from "ethers";
import { NodeRpcError } from "../../../src/chain/rpc-client.ts";
import { decodeHandleOps } from "../../../src/core/handle-ops.ts";
import { decodeSerial } from "../../../src/core/serial.ts";
import {
  ENTRY_POINT,
  type PackedUserOperation,
  type UserOperation,
  unpack,
  userOperationHash,
} from "../../../src/core/user-operation.ts";
import type { FakeEvent } from "../../indexer/fake-chain.ts";
import { from } from "../../indexer/platform-events.ts";
import { type ContractState, execute, Revert, readCalls } from "./contract-calls.ts";
import { Histories } from "./history.ts";

export const CHAIN_ID = 8420;
/** Points that an account has at most, and gets in a block. */
export const CEILING = 20_000;
const GRANT = 400;

const FAILURES = new Interface([
  "error FailedOp(uint256 opIndex, string reason)",
  "error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)",
  "error AccountDeadlinePassed(uint256 deadline, uint256 blockNumber)",
  "error QuotaExhausted(address account, uint256 missing, uint256 availableAtBlock)",
]);

interface Points {
  points: number;
  since: number;
}

/** Which operation of a bundle EntryPoint refuses, as it says it. */
export interface Refusal {
  index: number;
  data: string;
}

/** An operation that was included, for the oracle and for those that look for duplicates. */
export interface IncludedOperation {
  hash: string;
  sender: string;
  nonce: bigint;
  success: boolean;
  revert: string | undefined;
}

/**
 * EntryPoint 0.8 with accounts and quota as BROP has them: a nonce is used once, a tagged one until its deadline; who
 * signs is checked, points are charged; a bundle with an operation that does not validate reverts as a whole, a failing
 * execution is taken back alone.
 */
export class EntryPoint {
  readonly state: ContractState = {
    records: new Map(),
    objects: new Map(),
    balances: new Map(),
    vouchers: new Set(),
  };
  readonly #nonces = new Histories<bigint>();
  readonly #points = new Histories<Points>();
  /** Account -> who signs for it, from which block on. */
  readonly #owners = new Histories<string>();
  readonly #signers = new Map<string, string>();

  setOwner(account: string, owner: string, block: number): void {
    this.#owners.set(account.toLowerCase(), block, owner.toLowerCase());
  }

  hasCode(account: string, block: number): boolean {
    return this.#owners.at(account.toLowerCase(), block) !== undefined;
  }

  /** The next sequence of a nonce key. */
  nonce(sender: string, key: bigint, block: number): bigint {
    return (key << 64n) | (this.#nonces.at(nameOf(sender, key), block) ?? 0n);
  }

  points(account: string, block: number): number {
    const { points, since } = this.#points.at(account.toLowerCase(), block) ?? { points: CEILING, since: block };
    return Math.min(CEILING, points + GRANT * (block - since));
  }

  /** Block in which an account has so many points; undefined: never. */
  affordableAt(account: string, points: number, block: number): number | undefined {
    if (points > CEILING) return undefined;
    return block + Math.max(0, Math.ceil((points - this.points(account, block)) / GRANT));
  }

  /**
   * Validates operations one after the other.
   * @param known block whose state is the beginning
   * @param block number that the accounts see
   */
  validate(operations: readonly PackedUserOperation[], known: number, block: number): Refusal | undefined {
    const used = new Map<string, bigint>();
    const spent = new Map<string, number>();
    for (const [index, packed] of operations.entries()) {
      const operation = unpack(packed);
      const { sender, nonce } = operation;
      const account = sender.toLowerCase();
      const refuse = (reason: string) => ({ index, data: FAILURES.encodeErrorResult("FailedOp", [index, reason]) });
      const revert = (error: string, values: unknown[]) => {
        const inner = FAILURES.encodeErrorResult(error, values);
        return { index, data: FAILURES.encodeErrorResult("FailedOpWithRevert", [index, "AA23 reverted", inner]) };
      };
      const owner = this.#owners.at(account, known);
      if (owner === undefined) return refuse("AA20 account not deployed");
      const serial = decodeSerial(nonce);
      if (serial.tagged && serial.deadlineBlock < block) {
        return revert("AccountDeadlinePassed", [serial.deadlineBlock, block]);
      }
      const cost = priceOf(operation.callData);
      const before = spent.get(account) ?? 0;
      const missing = cost + before - this.points(account, known);
      if (missing > 0) return revert("QuotaExhausted", [sender, missing, known + Math.ceil(missing / GRANT)]);
      spent.set(account, before + cost);
      const name = nameOf(sender, nonce >> 64n);
      const next = used.get(name) ?? this.nonce(sender, nonce >> 64n, known);
      if (next !== nonce) return refuse("AA25 invalid account nonce");
      used.set(name, nonce + 1n);
      if (this.#signerOf(operation) !== owner) return refuse("AA24 signature error");
    }
    return undefined;
  }

  /** Executes operations that validate. @returns their events in order, and what became of each */
  run(operations: readonly PackedUserOperation[], block: number): { events: FakeEvent[]; ends: IncludedOperation[] } {
    const events: FakeEvent[] = [];
    const ends: IncludedOperation[] = [];
    for (const packed of operations) {
      const { sender, nonce, callData } = unpack(packed);
      const cost = priceOf(callData);
      this.#points.set(sender.toLowerCase(), block, { points: this.points(sender, block) - cost, since: block });
      this.#nonces.set(nameOf(sender, nonce >> 64n), block, (nonce & 0xffffffffffffffffn) + 1n);
      events.push(from("Quota", "Charged", sender, sender, cost));
    }
    events.push(from("EntryPoint", "BeforeExecution"));
    for (const packed of operations) {
      const operation = unpack(packed);
      const hash = hashOf(operation);
      const { said, revert } = this.#execute(operation);
      const { sender, nonce } = operation;
      events.push(...said);
      if (revert !== undefined) {
        events.push(from("EntryPoint", "UserOperationRevertReason", hash, sender, nonce, revert));
      }
      const success = revert === undefined;
      events.push(from("EntryPoint", "UserOperationEvent", hash, sender, ZeroAddress, nonce, success, 0, 90_000));
      ends.push({ hash, sender: sender.toLowerCase(), nonce, success, revert });
    }
    return { events, ends };
  }

  /** Does the calls of an account without a trace. @throws NodeRpcError with the revert data */
  tryOut(account: string, callData: string): string {
    const undo: (() => void)[] = [];
    try {
      for (const call of readCalls(callData)) execute(this.state, getAddress(account), call, undo);
      return "0x";
    } catch (error) {
      if (error instanceof Revert) throw new NodeRpcError(3, "execution reverted", error.data);
      throw error;
    } finally {
      for (const back of undo.reverse()) back();
    }
  }

  #execute({ sender, callData }: UserOperation): { said: FakeEvent[]; revert: string | undefined } {
    const undo: (() => void)[] = [];
    try {
      const said = readCalls(callData).flatMap((call) => execute(this.state, sender, call, undo));
      return { said, revert: undefined };
    } catch (error) {
      for (const back of undo.reverse()) back();
      if (error instanceof Revert) return { said: [], revert: error.data };
      throw error;
    }
  }

  /** Who signed; looked at once. */
  #signerOf(operation: UserOperation): string {
    const hash = hashOf(operation);
    const name = hash + operation.signature;
    let signer = this.#signers.get(name);
    if (signer === undefined) {
      try {
        signer = recoverAddress(hash, operation.signature).toLowerCase();
      } catch {
        signer = "nobody";
      }
      this.#signers.set(name, signer);
    }
    return signer;
  }
}

/** The bundle of a `handleOps` call. */
export function bundleOf(data: string): PackedUserOperation[] {
  return decodeHandleOps(data)?.operations ?? [];
}

export function hashOf(operation: UserOperation): string {
  return userOperationHash(operation, ENTRY_POINT, CHAIN_ID);
}

/** Points of an operation: by its size and its calls. */
export function priceOf(callData: string): number {
  return 300 + 200 * readCalls(callData).length + (callData.length - 2) / 2;
}

/** One word for each number. */
export function words(...numbers: (number | bigint)[]): string {
  return AbiCoder.defaultAbiCoder().encode(
    numbers.map(() => "uint256"),
    numbers,
  );
}

function nameOf(sender: string, key: bigint): string {
  return `${sender.toLowerCase()} ${key.toString(16)}`;
}

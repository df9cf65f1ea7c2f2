import { encodeBytes32String, Interface, id, Wallet } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { encodeExecute } from "../../../src/core/execution.ts";
import type { UserOperation } from "../../../src/core/user-operation.ts";
import { address, digest, type FakeEvent } from "../../indexer/fake-chain.ts";
import * as platform from "../../indexer/platform-events.ts";
import type { ConsortiumChain } from "../chain/consortium-chain.ts";
import { holding } from "../chain/contract-calls.ts";
import { hashOf } from "../chain/entry-point.ts";
import type { Random } from "../random.ts";

export interface Person {
  account: string;
  wallet: Wallet;
}

export const VOUCHERS = [address(201), address(202)] as const;
const OPERATOR = address(1);
const ZERO = `0x${"0".repeat(40)}`;
const { Records, Voucher } = { Records: new Interface(abi.Records), Voucher: new Interface(abi.Voucher) };

/** Accounts of the simulation: the same in every run, so that their keys are made once. */
export const PEOPLE: readonly Person[] = Array.from({ length: 5 }, (_, index) => ({
  account: address(11 + index),
  wallet: new Wallet(id(`simulated person ${index}`)),
}));

/** What the operator does first: lists the contracts, creates accounts, certifies them, lets a voucher be issued. */
export function foundation(chain: ConsortiumChain): (() => FakeEvent[])[] {
  return [
    () => [platform.from("Certifications", "LevelSet", 5, 50, 31)],
    ...platform.deployment.map((events) => () => events),
    ...PEOPLE.map(({ account, wallet }, index) => () => {
      chain.entryPoint.setOwner(account, wallet.address, chain.blocks.length);
      return [platform.accountCreated(account, index + 1), platform.certified(account, OPERATOR, 5)];
    }),
    () => [platform.voucherApplied(1, PEOPLE[0]?.account as string)],
    ...VOUCHERS.map((voucher) => () => {
      chain.entryPoint.state.vouchers.add(voucher.toLowerCase());
      return [platform.voucherCreated(1, PEOPLE[0]?.account as string, voucher)];
    }),
  ];
}

/** Something that the operator or a partner does by a transaction of its own. */
export function directAct(chain: ConsortiumChain, random: Random): (block: number) => FakeEvent[] {
  const { account, wallet } = random.pick(PEOPLE);
  const voucher = random.pick(VOUCHERS);
  const ground = digest(random.hex(4));
  const kind = random.integer(0, 6);
  return (block) => {
    const { balances } = chain.entryPoint.state;
    if (kind === 0) return [platform.certified(account, OPERATOR, block % 2 === 0 ? 5 : 6, 5)];
    if (kind === 1) return [platform.from("Certifications", "CertificationSuspended", account, OPERATOR, ground)];
    if (kind === 2) return [platform.from("Certifications", "CertificationResumed", account, OPERATOR, ground)];
    if (kind === 3) {
      return [platform.fromInstance(account, "Account", "SignerChanged", "0x12", wallet.address)];
    }
    if (kind === 4) {
      // A contract that nobody listed says the same: it means nothing.
      return [platform.fromInstance(address(999), "Voucher", "TransferSingle", ZERO, ZERO, account, 0, 5)];
    }
    const before = balances.get(holding(voucher, account)) ?? 0n;
    balances.set(holding(voucher, account), before + 100n);
    return platform.allocated(voucher, OPERATOR, account, 100n, 100n);
  };
}

/** Call data of an account's operation: one of the things that accounts do, now and then one that fails. */
export function randomCallData(chain: ConsortiumChain, account: string, random: Random): string {
  const { state } = chain.entryPoint;
  const input = (subject = `0x${"0".repeat(64)}`) => {
    const data = random.chance(0.15) ? random.integer(0, 3) : random.hex(8);
    const businessKey = random.chance(0.3) ? digest(`order ${random.integer(1, 9)}`) : `0x${"0".repeat(64)}`;
    return [digest(data), 0x12, random.integer(0, 5), subject, businessKey, `0x${"0".repeat(64)}`];
  };
  const record = (method: string, values: unknown[]) => ({
    target: platform.CONTRACTS.Records,
    data: Records.encodeFunctionData(method, values),
  });
  const kind = random.integer(0, 6);
  if (kind === 0) return encodeExecute([record("recordMany", [[input(), input(), input()]])]);
  if (kind === 1) {
    const values = [digest(random.integer(0, 3)), `0x${"0".repeat(64)}`, encodeBytes32String("wrong")];
    return encodeExecute([record("revoke", values)]);
  }
  if (kind === 2) return encodeExecute([record("openObject", [digest(random.integer(0, 5)), []])]);
  if (kind === 3 && state.objects.size > 0) {
    const [object, { head }] = random.pick([...state.objects]);
    return encodeExecute([record("append", [object, head, input(object)])]);
  }
  if (kind === 4) {
    const values = [account, random.pick(PEOPLE).account, 0, random.integer(1, 120), "0x"];
    const data = Voucher.encodeFunctionData("safeTransferFrom", values);
    return encodeExecute([{ target: random.pick(VOUCHERS), data }]);
  }
  if (kind === 5) return encodeExecute([record("record", [input()]), record("record", [input()])]);
  return encodeExecute([record("record", [input()])]);
}

/** A signed operation. */
export function operationOf({ account, wallet }: Person, nonce: bigint, callData: string): UserOperation {
  const operation: UserOperation = {
    ...{ sender: account, nonce, callData, signature: "0x" },
    ...{ callGasLimit: 300_000n, verificationGasLimit: 200_000n, preVerificationGas: 50_000n },
    ...{ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
  };
  return { ...operation, signature: wallet.signingKey.sign(hashOf(operation)).serialized };
}

import { type BaseContract, keccak256, ZeroAddress } from "ethers";
import fc from "fast-check";
import type { Call } from "../../../src/core/execution.ts";
import { blockNumber } from "../../contracts/support/chain.ts";
import { callOf } from "../../contracts/support/operations.ts";
import { ORDER_LOCATION, orderOf } from "../../contracts/support/orders.ts";
import { accountAt } from "../../contracts/support/platform.ts";
import { policy } from "../../contracts/support/vouchers.ts";
import { act, note, transact } from "../history.ts";
import type { World } from "../world.ts";
import { action, amount, index, numbered, pick, reason } from "./action.ts";

/** A measure on milk that a regulator could order, and whom it is about. */
function measure({ vouchers: [milk], everybody }: World, kind: number, who: number, units: number): [Call, string] {
  const account = pick(everybody, who).address;
  const other = pick(everybody, who + 1).address;
  const voucher = String(milk.target);
  const aboutHolder = (name: string, args: unknown[]): [Call, string] => [callOf(milk, name, args), account];
  const aboutVoucher = (name: string, args: unknown[]): [Call, string] => [callOf(milk, name, args), voucher];
  return pick(
    [
      () => aboutHolder("setFrozenTokens", [account, 0, units % 8]),
      () => aboutHolder("setFrozenTokens", [account, 0, units % 8]),
      () => aboutHolder("forcedTransfer", [account, other, 0, 1 + (units % 5)]),
      () => aboutHolder("forcedTransfer", [account, other, 0, 1 + (units % 5)]),
      () => aboutVoucher("setCap", [40 + units, units % 2 === 0]),
      () => aboutVoucher("setCap", [units, units % 2 === 0]),
      () => aboutVoucher("setPolicy", [policy({ secondary: units % 3 !== 0 })]),
      () => aboutVoucher("freeze", []),
      () => aboutVoucher("unfreeze", []),
      () => aboutVoucher("unfreeze", []),
    ],
    kind,
  )();
}

/** Orders about users go to the partner that certifies them, all others to the operator; wrong ones are refused. */
export const file = fc.tuple(index, index, amount, fc.constantFrom(2, 40, 40)).map(([kind, who, units, blocks]) =>
  action(`measure ${kind} is ordered against ${who}`, async (world, history) => {
    const [call, subject] = measure(world, kind, who, units);
    const lastBlock = (await blockNumber()) + blocks;
    const isUser = units < 65 && world.users.some(({ address }) => address === subject);
    const executor = isUser ? (await world.certifications.levelOf(subject)).certifier : ZeroAddress;
    const callDigest = keccak256(call.data as string);
    const filing = await orderOf({ executor, subject, target: call.target, callDigest, lastBlock });
    if (await transact(history, world.regulator, world.orders, "file", [filing, ORDER_LOCATION])) {
      history.orders.push({ call, executor });
    }
  }),
);

/** Mostly by its executor, mostly the latest, mostly with the call that was ordered. */
export const execute = fc.tuple(index, index, fc.nat({ max: 9 })).map(([which, by, tampered]) =>
  action(`${by} executes order ${which}`, async (world, history) => {
    const count = history.orders.length;
    if (count === 0) return note(history, "no order");
    const isOpen = async (id: bigint) => (await world.orders.statusOf(id)) === 1n;
    const at = Number(await numbered(BigInt(count), which % 20, isOpen)) - 1;
    const { executor } = pick(history.orders, at);
    const data = String(pick(history.orders, tampered === 0 ? at + 1 : at).call.data);
    const inputs = [at + 1, tampered === 1 ? `${data}00` : data];
    const partner = world.partners_.find(({ address }) => address === executor);
    if (by >= 17) return act(history, pick(world.everybody, by), [world.orders, "execute", inputs]);
    if (by > 0 && partner !== undefined) return act(history, partner, [world.orders, "execute", inputs]);
    await transact(history, by === 0 ? world.stranger : world.operator, world.orders, "execute", inputs);
  }),
);

type Forbidden = [contract: BaseContract, name: string, args: unknown[]];

/** What only Council, Orders, Redemptions, KeyResets, Certifications or EntryPoint may call. */
function forbidden(world: World, account: string): Forbidden[] {
  const { vouchers, council, validatorSet, quota, directory, certifications, keyResets, stranger, records } = world;
  const [milk] = vouchers;
  const target = accountAt(account);
  const signer = stranger.address;
  return [
    [council, "addSeat", [signer]],
    [council, "removeSeat", [world.genesis.seats[0]]],
    [council, "setTerms", [1, 10]],
    [validatorSet, "add", [world.genesis.seats[0], signer, "0x"]],
    [validatorSet, "remove", [world.genesis.seats[0]]],
    [quota, "setClass", [5, { ceiling: 1, grant: 1, initial: 1, periodBlocks: 1 }]],
    [quota, "setStanding", [account, 6, 2 ** 39]],
    [quota, "pause", [2 ** 40]],
    [directory, "replace", [`0x${"00".repeat(32)}`, signer, reason]],
    [certifications, "setLevel", [5, 1, 0]],
    [keyResets, "setWaitingBlocks", [1]],
    [records as unknown as BaseContract, "upgradeToAndCall", [signer, "0x"]],
    [target, "resetSigner", [signer]],
    [target, "hold", [2 ** 39]],
    [target, "release", []],
    [target, "setSigner", [signer]],
    [target, "execute", [`0x${"00".repeat(32)}`, "0x"]],
    [milk, "escrow", [account, 0, 1]],
    [milk, "giveBack", [account, 0, 1]],
    [milk, "redeem", [0, 1]],
    [milk, "forcedTransfer", [account, world.bank.address, 0, 1]],
    [milk, "setFrozenTokens", [account, 0, 1]],
    [milk, "setCap", [1_000_000, true]],
    [milk, "freeze", []],
    [world.partners, "terminateOnOrder", [world.bank.address]],
    [certifications, "revokeOnOrder", [account, world.bank.address]],
  ];
}

/** Somebody tries what nobody may by themselves: by an operation of an account, or with a key of their own. */
export const intrude = fc.tuple(fc.nat({ max: 200 }), index, index).map(([what, by, whom]) =>
  action(`${by} tries forbidden function ${what} on ${whom}`, async (world, history) => {
    const account = pick(world.everybody, whom).address;
    const [contract, name, args] = pick(forbidden(world, account), what);
    note(history, "intrusions");
    if (by < 10) {
      const signer = pick([world.operator, world.stranger, world.regulator, world.admissionParty], by);
      if (await transact(history, signer, contract, name, args)) history.intrusion = name;
      return;
    }
    const sender = pick(world.everybody, by);
    // An account may change its own signer.
    if (sender.address === account && contract.target === account) return note(history, "own account");
    await act(history, sender, [contract, name, args]);
    const done = history.events.some(({ name: event }) => event === "UserOperationRevertReason");
    if (history.events.length > 0 && !done) history.intrusion = name;
  }),
);

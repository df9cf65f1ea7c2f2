import type { Voucher } from "../../generated/contracts/index.ts";
import { blockNumber, ethers } from "../contracts/support/chain.ts";
import { accountAt } from "../contracts/support/platform.ts";
import type { History } from "./history.ts";
import type { World } from "./world.ts";

/** Where a voucher's units are. */
export interface VoucherState {
  address: string;
  cap: bigint;
  circulating: bigint;
  /** Units of each token by holder; Redemptions is among the holders. */
  balances: Map<string, bigint>[];
  /** Units of each holder over all tokens. */
  holdings: Map<string, bigint>;
}

export interface AccountState {
  code: string;
  signer: string;
  heldUntil: bigint;
  resets: bigint;
}

/** Block time, kind, algorithm and status of each record. */
export type Records = Map<string, readonly bigint[]>;

/** Status of everything that ends at some time, by kind and number. */
export type Statuses = Map<string, bigint>;

/** State that a step is compared with. */
export interface Seen {
  block: number;
  vouchers: VoucherState[];
  accounts: Map<string, AccountState>;
  quotas: Awaited<ReturnType<typeof quotasOf>>;
  records: Records;
  statuses: Statuses;
  accountCount: bigint;
  seats: string[];
  validators: string[];
  classes: string[];
  /** What each contract has created so far, but for the two factories. */
  nonces: number[];
}

export async function observe(world: World, history: History, known?: Seen): Promise<Seen> {
  const { accountFactory, council, validatorSet, quota } = world;
  const block = await blockNumber();
  const [vouchers, accounts, quotas, records, statuses, accountCount, seats, validators, nonces, ...classes] =
    await Promise.all([
      Promise.all(world.vouchers.map((voucher) => voucherState(world, voucher))),
      accountStates(world),
      quotasOf(world, block),
      recordsAfter(world, history, known?.records ?? new Map()),
      statusesOf(world, history),
      accountFactory.count(),
      council.seats(),
      validatorSet.getValidators(),
      noncesOf(world),
      ...[4, 5, 16].map((id) => quota.class(id)),
    ]);
  return {
    block,
    vouchers,
    accounts,
    quotas,
    records,
    statuses,
    accountCount,
    seats: [...seats],
    validators: [...validators],
    classes: classes.map(String),
    nonces,
  };
}

async function voucherState(world: World, voucher: Voucher): Promise<VoucherState> {
  const holders = [...world.everybody, world.school].map(({ address }) => address);
  holders.push(String(world.redemptions.target));
  const [cap, circulating, lotCount] = await Promise.all([voucher.cap(), voucher.circulating(), voucher.lotCount()]);
  const ids = Array.from({ length: Number(lotCount) + 1 }, (_, id) => id);
  const all = await voucher.balanceOfBatch(
    ids.flatMap(() => holders),
    ids.flatMap((id) => holders.map(() => id)),
  );
  const balances = ids.map((id) => new Map(holders.map((holder, at) => [holder, all[id * holders.length + at] ?? 0n])));
  const holdings = new Map(
    holders.map((holder) => [holder, balances.reduce((sum, one) => sum + (one.get(holder) ?? 0n), 0n)]),
  );
  return { address: String(voucher.target), cap, circulating, balances, holdings };
}

async function accountStates({ everybody }: World): Promise<Map<string, AccountState>> {
  const states = everybody.map(async ({ address }) => {
    const account = accountAt(address);
    const [code, signer, state] = await Promise.all([
      ethers.provider.getCode(address),
      account.getFunction("signer")(),
      account.resetState(),
    ]);
    return [address, { code, signer, heldUntil: state.heldUntil, resets: state.resets }] as const;
  });
  return new Map(await Promise.all(states));
}

/** A contract's nonce grows with each contract that it creates. */
function noncesOf({ addresses, vouchers, everybody }: World): Promise<number[]> {
  const { AccountFactory: _, VoucherFactory: __, ...others } = addresses;
  const contracts = [...Object.values(others), ...vouchers.map(({ target }) => String(target))];
  const all = [...contracts, ...everybody.map(({ address }) => address)];
  return Promise.all(all.map((address) => ethers.provider.getTransactionCount(address)));
}

/** Quota of everybody, as of the last block. */
async function quotasOf({ quota, everybody }: World, block: number) {
  const standings = everybody.map(async ({ address }) => {
    const [{ own }, number] = await Promise.all([quota.pointsOf(address), quota.classOf(address)]);
    const [ceiling, grant, , period] = await quota.class(number);
    return [address, { own, number, ceiling, grant, period }] as const;
  });
  return { block: BigInt(block), standings: new Map(await Promise.all(standings)) };
}

/** Records that exist after a step's events. */
async function recordsAfter({ records }: World, history: History, known: Records): Promise<Records> {
  const created = history.events.filter(({ name }) => name === "Recorded");
  const fresh = created.map(({ args }) => records.recordId(args[1] as string, args[0] as string, args[2] as string));
  const ids = [...known.keys(), ...(await Promise.all(fresh))];
  const rows = ids.map(async (id) => {
    const { recordedAt, kind, algorithm, status } = await records.recordOf(id);
    return [id, [recordedAt, kind, algorithm, status]] as const;
  });
  return new Map(await Promise.all(rows));
}

async function statusesOf(world: World, history: History): Promise<Statuses> {
  const { orders, keyResets, redemptions, settlements, agreements } = world;
  const counts = await Promise.all([orders, keyResets, redemptions, settlements].map((one) => one.count()));
  const kinds = ["order", "reset", "redemption", "settlement"].map((kind, at) => ({ kind, count: Number(counts[at]) }));
  const contracts = { order: orders, reset: keyResets, redemption: redemptions, settlement: settlements };
  const rows = kinds.flatMap(({ kind, count }) =>
    Array.from({ length: count }, async (_, at) => {
      const status = await contracts[kind as keyof typeof contracts].statusOf(at + 1);
      return [`${kind} ${at + 1}`, status] as const;
    }),
  );
  const agreed = history.agreements.map(async (id) => {
    return [`agreement ${id}`, (await agreements.agreementOf(id)).status] as const;
  });
  return new Map(await Promise.all([...rows, ...agreed]));
}

import { ZeroAddress } from "ethers";
import fc from "fast-check";
import { MerkleSumTree } from "../../../src/core/merkle-sum.ts";
import { digestOf } from "../../contracts/support/actors.ts";
import { blockNumber } from "../../contracts/support/chain.ts";
import { leafOf, treeOf } from "../../contracts/support/custody.ts";
import { leg } from "../../contracts/support/vouchers.ts";
import { act, note } from "../history.ts";
import { action, amount, index, numbered, pick, reason } from "./action.ts";

/** By the issuer, by its agents, or by somebody who is neither. */
export const allocate = fc.tuple(index, index, index, amount).map(([which, who, to, units]) =>
  action(`${who} allocates ${units} of ${which} to ${to}`, (world, history) => {
    const voucher = pick(world.vouchers, which);
    const issuer = which % 3 === 1 ? world.dairy : world.bank;
    const sender = pick([issuer, issuer, issuer, world.bob, world.dairy, world.alice], who);
    const receiver = pick(world.everybody, to).address;
    if (which % 3 < 2) return act(history, sender, [voucher, "allocate", [receiver, units % 20]]);
    return act(history, sender, [voucher, "allocateLot", [receiver, units % 25, digestOf("lot")]]);
  }),
);

export const setAgent = fc.tuple(index, amount).map(([who, cap]) =>
  action(`agent ${who} gets ${cap}`, ({ vouchers, everybody, bank }, history) => {
    return act(history, bank, [vouchers[0], "setAgent", [pick(everybody, who).address, cap % 20]]);
  }),
);

export const transfer = fc.tuple(index, index, index, index, amount).map(([which, by, from, to, units]) =>
  action(`${by} transfers ${units} of ${which} from ${from} to ${to}`, async (world, history) => {
    const voucher = pick(world.vouchers, which);
    const owner = pick(world.everybody, from);
    const held = async (id: bigint) => (await voucher.balanceOf(owner.address, id)) > 0n;
    const lot = which % 3 === 2 ? await numbered(await voucher.lotCount(), units % 21, held) : 0n;
    const value = lot === 0n ? units % 9 : units === 7 ? 1 : await voucher.faceOf(lot);
    const inputs = [owner.address, pick(world.everybody, to).address, lot, value, "0x"];
    const sender = by % 3 === 0 ? pick(world.everybody, by) : owner;
    await act(history, sender, [voucher, "safeTransferFrom", inputs]);
  }),
);

export const approve = fc.tuple(index, index, fc.boolean()).map(([who, whom, yes]) =>
  action(`${who} approves ${whom}: ${yes}`, (world, history) => {
    const inputs = [pick(world.everybody, whom).address, yes];
    return act(history, pick(world.users, who), [world.vouchers[0], "setApprovalForAll", inputs]);
  }),
);

export const present = fc.tuple(index, index, amount).map(([which, who, units]) =>
  action(`${who} presents ${units} of ${which}`, (world, history) => {
    const voucher = pick(world.vouchers.slice(0, 2), which);
    const inputs = [voucher.target, 0, 1 + (units % 4), reason];
    return act(history, pick(world.users, who), [world.redemptions, "present", inputs]);
  }),
);

/** The issuer's answer, somebody else's, or what is due without one. */
export const answer = fc
  .tuple(index, index, fc.constantFrom("confirm", "confirm", "refuse", "giveBackOverdue"))
  .map(([by, which, name]) =>
    action(`${by} answers redemption ${which}: ${name}`, async ({ redemptions, everybody, ...world }, history) => {
      const count = await redemptions.count();
      if (count === 0n) return note(history, "no redemption");
      const isOpen = async (id: bigint) => (await redemptions.redemptionOf(id)).closedBlock === 0n;
      const id = await numbered(count, which % 20, isOpen);
      const { voucher } = await redemptions.redemptionOf(id);
      const issuer = voucher === world.vouchers[1].target ? world.dairy : world.bank;
      const sender = by < 16 ? issuer : pick(everybody, by);
      await act(history, sender, [redemptions, name, name === "giveBackOverdue" ? [id] : [id, reason]]);
    }),
  );

export const offer = fc.tuple(index, fc.boolean(), fc.nat({ max: 3 }), amount).map(([who, milkFirst, whom, units]) =>
  action(`${who} offers ${units}`, async ({ vouchers: [milk, rice], settlements, users }, history) => {
    const [give, want] = milkFirst ? [milk, rice] : [rice, milk];
    const counterparty = whom === 0 ? pick(users, units).address : ZeroAddress;
    const lastBlock = (await blockNumber()) + (units % 5 === 0 ? 2 : 60);
    const inputs = [leg(give, 1 + (units % 3)), leg(want, 1 + (units % 4)), counterparty, lastBlock];
    await act(history, pick(users, who), [settlements, "offer", inputs]);
  }),
);

/** Mostly by somebody who may. */
export const settle = fc.tuple(index, index, fc.nat({ max: 6 })).map(([by, which, how]) =>
  action(`${by} ${how === 0 ? "cancels" : "accepts"} offer ${which}`, async ({ settlements, users }, history) => {
    const count = await settlements.count();
    if (count === 0n) return note(history, "no offer");
    const id = await numbered(count, which % 20, async (one) => (await settlements.statusOf(one)) === 1n);
    const { maker } = await settlements.offerOf(id);
    const fitting = users.filter(({ address }) => (address === maker) === (how === 0));
    await act(history, pick(by < 16 ? fitting : users, by), [settlements, how === 0 ? "cancel" : "accept", [id]]);
  }),
);

/** The exchange's proof for a block some way back, with the total that it held or with another one. */
export const publish = fc
  .tuple(fc.nat({ max: 4 }), fc.constantFrom(0, 0, 0, 1, -1), fc.nat({ max: 8 }))
  .map(([back, wrong, by]) =>
    action(`publishes for ${back} back, ${wrong} off`, async ({ custodyProofs, exchange, bank, vouchers }, history) => {
      const block = (await blockNumber()) - back;
      const held = history.custody.findLast((entry) => entry.block <= block)?.holding ?? 0n;
      const total = held + BigInt(wrong);
      const tree = new MerkleSumTree([
        leafOf("one", total < 2n ? 0n : 2n),
        leafOf("other", total < 2n ? 0n : total - 2n),
      ]);
      const commitment = treeOf({ root: tree.root, total: tree.total, count: tree.count });
      const sender = by === 0 ? bank : exchange;
      await act(history, sender, [custodyProofs, "publish", [vouchers[0].target, block, commitment]]);
    }),
  );

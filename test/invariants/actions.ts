import { ZeroHash } from "ethers";
import fc from "fast-check";
import { digestOf } from "../contracts/support/actors.ts";
import { networkHelpers, now } from "../contracts/support/chain.ts";
import { callOf } from "../contracts/support/operations.ts";
import type { Participant } from "../contracts/support/participants.ts";
import { recordOf } from "../contracts/support/records.ts";
import { act, type History, note, send, sign, type World } from "./world.ts";

/** One step of a run. Who and what are picked by numbers, so that a failing run can be made shorter. */
export type Action = (world: World, history: History) => Promise<void>;

interface Described {
  run: Action;
  toString(): string;
}

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
const action = (text: string, run: Action): Described => ({ run, toString: () => text });
const reason = digestOf("reason");
const index = fc.nat({ max: 20 });
const amount = fc.integer({ min: 0, max: 70 });

const record = fc
  .tuple(index, index)
  .map(([who, what]) =>
    action(`${who} records ${what}`, (world, history) =>
      act(history, pick(world.everybody, who), [world.records, "record", [recordOf(`data ${what}`)]]),
    ),
  );

const close = fc.tuple(index, index, fc.boolean()).map(([who, what, supersede]) =>
  action(`${who} closes ${what}`, (world, history) => {
    const digest = digestOf(`data ${what}`);
    const by = digestOf(`data ${what + 1}`);
    const account = pick(world.everybody, who);
    return supersede
      ? act(history, account, [world.records, "supersede", [digest, ZeroHash, by, ZeroHash, reason]])
      : act(history, account, [world.records, "revoke", [digest, ZeroHash, reason]]);
  }),
);

/** Links on the head, on an older link, or on nothing at all. */
const append = fc.tuple(index, index, fc.constantFrom(0, 0, 0, 1, 2)).map(([who, what, behind]) =>
  action(`${who} appends ${what}, ${behind} behind`, (world, history) => {
    const previous = history.links.at(-1 - behind) ?? ZeroHash;
    const inputs = [world.object, previous, recordOf(`link ${what}`)];
    return act(history, pick(world.everybody, who), [world.records, "append", inputs]);
  }),
);

const allocate = fc.tuple(index, index, amount).map(([who, to, units]) =>
  action(`${who} allocates ${units} to ${to}`, (world, history) => {
    const issuer = pick([world.bank, world.bank, world.bank, world.dairy], who);
    return act(history, issuer, [world.voucher, "allocate", [pick(world.everybody, to).address, units]]);
  }),
);

const transfer = fc.tuple(index, index, index, amount).map(([by, from, to, units]) =>
  action(`${by} transfers ${units} from ${from} to ${to}`, (world, history) => {
    const owner = pick(world.everybody, from);
    const inputs = [owner.address, pick(world.everybody, to).address, 0, units % 12, "0x"];
    const sender = by % 3 === 0 ? pick(world.everybody, by) : owner;
    return act(history, sender, [world.voucher, "safeTransferFrom", inputs]);
  }),
);

const approve = fc.tuple(index, index, fc.boolean()).map(([who, whom, yes]) =>
  action(`${who} approves ${whom}: ${yes}`, (world, history) => {
    const inputs = [pick(world.everybody, whom).address, yes];
    return act(history, pick(world.users, who), [world.voucher, "setApprovalForAll", inputs]);
  }),
);

const certify = fc
  .tuple(index, index, fc.integer({ min: 1, max: 7 }), fc.constantFrom(40, 400, 10_000_000))
  .map(([by, who, level, lifetime]) =>
    action(`${by} certifies ${who} at ${level} for ${lifetime} s`, async (world, history) => {
      const expiry = (await now()) + lifetime;
      const inputs = [pick(world.users, who).address, level, true, expiry, digestOf("identity")];
      await act(history, pick(world.partners_, by), [world.certifications, "certify", inputs]);
    }),
  );

const move = fc.tuple(index, index, fc.constantFrom("suspend", "resume", "revoke")).map(([by, who, step]) =>
  action(`${by} ${step}s ${who}`, (world, history) => {
    const inputs = [pick(world.users, who).address, reason];
    return act(history, pick(world.partners_, by), [world.certifications, step, inputs]);
  }),
);

const recognise = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 6 })).map(([first, level]) =>
  action(`recognition from ${level}`, (world, history) => {
    const [one, other] = first ? [world.bank, world.dairy] : [world.dairy, world.bank];
    return act(history, one, [world.partners, "recognise", [other.address, level]]);
  }),
);

const sponsor = fc.tuple(index, index, fc.boolean()).map(([by, who, begin]) =>
  action(`${by} sponsors ${who}: ${begin}`, (world, history) => {
    const name = begin ? "sponsor" : "endSponsorship";
    const inputs = begin ? [pick(world.users, who).address, 3_000] : [pick(world.users, who).address];
    return act(history, pick(world.partners_, by), [world.quota, name, inputs]);
  }),
);

/** An operation that was signed before is sent again. */
const replay = index.map((at) =>
  action(`replays ${at}`, async (_, history) => {
    history.events = [];
    if (history.signed.length === 0) return;
    note(history, "replayed");
    await send(history, pick(history.signed, at));
  }),
);

/** An operation waits at its relay for some blocks, past its deadline or not. */
const delay = fc
  .tuple(index, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 5 }))
  .map(([who, ahead, wait]) =>
    action(`${who} waits ${wait} of ${ahead} blocks`, async (world, history) => {
      const account: Participant = pick(world.everybody, who);
      const calls = [callOf(world.records, "record", [recordOf(`waiting ${history.signed.length}`)])];
      const waiting = await sign(history, account, calls, ahead);
      await networkHelpers.mine(wait);
      const before = history.included.size;
      await send(history, waiting);
      if (wait >= ahead) note(history, "late");
      if (wait >= ahead && history.included.size !== before) throw new Error("Included after its deadline");
    }),
  );

const rest = fc.integer({ min: 1, max: 30 }).map((blocks) =>
  action(`rests ${blocks} blocks`, async (_, history) => {
    history.events = [];
    await networkHelpers.mine(blocks);
  }),
);

/** Steps of a run, the frequent ones more often. */
export const actions: fc.Arbitrary<Described[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: record },
    { weight: 1, arbitrary: close },
    { weight: 4, arbitrary: append },
    { weight: 4, arbitrary: allocate },
    { weight: 5, arbitrary: transfer },
    { weight: 1, arbitrary: approve },
    { weight: 3, arbitrary: certify },
    { weight: 2, arbitrary: move },
    { weight: 1, arbitrary: recognise },
    { weight: 1, arbitrary: sponsor },
    { weight: 2, arbitrary: replay },
    { weight: 2, arbitrary: delay },
    { weight: 2, arbitrary: rest },
  ),
  { minLength: 40, maxLength: 60, size: "max" },
);

import fc from "fast-check";
import { digestOf } from "../../contracts/support/actors.ts";
import { blockNumber, mineTo, now } from "../../contracts/support/chain.ts";
import { evidenceFor } from "../../contracts/support/key-resets.ts";
import { callOf } from "../../contracts/support/operations.ts";
import { accountAt } from "../../contracts/support/platform.ts";
import { act, keyNumber, note, send, sign } from "../history.ts";
import { action, index, numbered, pick, reason } from "./action.ts";

export const certify = fc
  .tuple(
    index,
    index,
    fc.oneof(fc.constant(5), fc.integer({ min: 1, max: 7 })),
    fc.constantFrom(40, 400, 10_000_000, 10_000_000),
  )
  .map(([by, who, level, lifetime]) =>
    action(`${by} certifies ${who} at ${level} for ${lifetime} s`, async (world, history) => {
      const expiry = (await now()) + lifetime;
      const inputs = [pick(world.users, who).address, level, true, expiry, digestOf("identity")];
      await act(history, pick(world.partners_, by), [world.certifications, "certify", inputs]);
    }),
  );

export const move = fc.tuple(index, index, fc.constantFrom("suspend", "resume", "revoke")).map(([by, who, step]) =>
  action(`${by} ${step}s ${who}`, (world, history) => {
    const inputs = [pick(world.users, who).address, reason];
    return act(history, pick(world.partners_, by), [world.certifications, step, inputs]);
  }),
);

export const recognise = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 6 })).map(([first, level]) =>
  action(`recognition from ${level}`, (world, history) => {
    const [one, other] = first ? [world.bank, world.dairy] : [world.dairy, world.bank];
    return act(history, one, [world.partners, "recognise", [other.address, level]]);
  }),
);

export const sponsor = fc.tuple(index, index, fc.boolean()).map(([by, who, begin]) =>
  action(`${by} sponsors ${who}: ${begin}`, (world, history) => {
    const name = begin ? "sponsor" : "endSponsorship";
    const inputs = begin ? [pick(world.users, who).address, 3_000] : [pick(world.users, who).address];
    return act(history, pick(world.partners_, by), [world.quota, name, inputs]);
  }),
);

export const changeKey = fc.tuple(index, index).map(([who, key]) =>
  action(`${who} takes key ${key}`, (world, history) => {
    const user = pick(world.users, who);
    return act(history, user, [accountAt(user.address), "setSigner", [keyNumber(key).address]]);
  }),
);

/** With evidence of its own, or with that of an earlier reset. */
export const openReset = fc.tuple(index, index, index, fc.nat({ max: 5 })).map(([by, who, key, again]) =>
  action(`${by} opens a reset of ${who} to key ${key}`, async ({ records, keyResets, ...world }, history) => {
    const { address } = pick(world.users, who);
    const name = again === 0 ? "used before" : `reset in ${await blockNumber()}`;
    const inputs = evidenceFor(address, name);
    const digests = inputs.map(({ digest }) => digest);
    const open = callOf(keyResets, "open", [address, keyNumber(key).address, ...digests]);
    const recorded = await records.recordOf(
      await records.recordId(pick(world.partners_, by).address, digests[0] ?? "", inputs[0]?.subject ?? ""),
    );
    const calls = recorded.recordedAt === 0n ? inputs.map((input) => callOf(records, "record", [input])) : [];
    await send(history, await sign(history, pick(world.partners_, by), [...calls, open]));
  }),
);

/** The opener's and the others' steps, at the right time or at any. */
export const moveReset = fc
  .tuple(index, index, fc.constantFrom(...Array(5).fill("complete"), "endorse", "objectTo", "cancel"))
  .map(([by, which, name]) =>
    action(`${by} ${name}s reset ${which}`, async ({ keyResets, everybody, partners_ }, history) => {
      const count = await keyResets.count();
      if (count === 0n) return note(history, "no reset");
      const isOpen = async (id: bigint) => (await keyResets.statusOf(id)) < 4n;
      const id = await numbered(count, which % 20, isOpen);
      const { opener, waitingUntil } = await keyResets.resetOf(id);
      if (name === "complete" && by < 16 && waitingUntil !== 0n) await mineTo(waitingUntil);
      const chosen =
        name === "objectTo" || name === "endorse" ? undefined : everybody.find((one) => one.address === opener);
      const sender = by < 16 && chosen !== undefined ? chosen : pick(name === "endorse" ? partners_ : everybody, by);
      const args = name === "objectTo" || name === "cancel" ? [id, reason] : [id];
      await act(history, sender, [keyResets, name, args]);
    }),
  );

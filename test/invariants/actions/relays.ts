import fc from "fast-check";
import { networkHelpers } from "../../contracts/support/chain.ts";
import { callOf } from "../../contracts/support/operations.ts";
import type { Participant } from "../../contracts/support/participants.ts";
import { recordOf } from "../../contracts/support/records.ts";
import { note, send, sign } from "../history.ts";
import { action, index, pick } from "./action.ts";

/** An operation that was signed before is sent again. */
export const replay = index.map((at) =>
  action(`replays ${at}`, async (_, history) => {
    history.events = [];
    if (history.signed.length === 0) return;
    note(history, "replayed");
    await send(history, pick(history.signed, at));
  }),
);

/** An operation waits at its relay for some blocks, past its deadline or not. */
export const delay = fc
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

export const rest = fc.integer({ min: 1, max: 20 }).map((blocks) =>
  action(`rests ${blocks} blocks`, async (_, history) => {
    history.events = [];
    await networkHelpers.mine(blocks);
  }),
);

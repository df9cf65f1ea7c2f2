import { ZeroHash } from "ethers";
import fc from "fast-check";
import { digestOf } from "../../contracts/support/actors.ts";
import { blockNumber } from "../../contracts/support/chain.ts";
import { ALGORITHM, recordOf } from "../../contracts/support/records.ts";
import { act, note } from "../history.ts";
import { action, index, pick, reason } from "./action.ts";

export const record = fc
  .tuple(index, index)
  .map(([who, what]) =>
    action(`${who} records ${what}`, (world, history) =>
      act(history, pick(world.everybody, who), [world.records, "record", [recordOf(`data ${what}`)]]),
    ),
  );

export const close = fc.tuple(index, index, fc.boolean()).map(([who, what, supersede]) =>
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
export const append = fc.tuple(index, index, fc.constantFrom(0, 0, 0, 1, 2)).map(([who, what, behind]) =>
  action(`${who} appends ${what}, ${behind} behind`, (world, history) => {
    const previous = history.links.at(-1 - behind) ?? ZeroHash;
    const inputs = [world.object, previous, recordOf(`link ${what}`)];
    return act(history, pick(world.everybody, who), [world.records, "append", inputs]);
  }),
);

export const anchor = fc.tuple(index, index, fc.boolean()).map(([who, what, revoke]) =>
  action(`${who} anchors ${what}, or revokes of it: ${revoke}`, ({ batchAnchors, everybody }, history) => {
    const account = pick(everybody, who);
    const known = history.anchors.length === 0 ? ZeroHash : pick(history.anchors, what);
    if (revoke) return act(history, account, [batchAnchors, "revokeLeaf", [known, what % 4, reason]]);
    return act(history, account, [batchAnchors, "anchor", [digestOf(`root ${what % 7}`), 1 + (what % 5)]]);
  }),
);

export const propose = fc
  .tuple(index, fc.constantFrom(1, 1, 2, 3), fc.constantFrom(3, 60, 60))
  .map(([who, size, blocks]) =>
    action(`${who} proposes to ${size} for ${blocks} blocks`, async ({ agreements, everybody }, history) => {
      const parties = Array.from({ length: size }, (_, at) => pick(everybody, who + at).address);
      parties.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
      const lastBlock = (await blockNumber()) + blocks;
      const digest = digestOf(`document ${history.agreements.length}`);
      const proposal = { digest, algorithm: ALGORITHM.sha256, lastBlock, salt: ZeroHash, parties };
      await act(history, pick(everybody, who + 1), [agreements, "propose", [proposal]]);
    }),
  );

/** Mostly confirms what was proposed last, mostly by somebody whose word is still missing. */
export const confirm = fc
  .tuple(index, index, fc.constantFrom("confirm", "confirm", "confirm", "confirm", "withdraw", "cancel"))
  .map(([who, what, name]) =>
    action(`${who} ${name}s agreement ${what}`, async ({ agreements, everybody }, history) => {
      const id = what < 12 ? history.agreements.at(-1) : history.agreements[what % history.agreements.length];
      if (id === undefined) return note(history, "no agreement");
      let sender = pick(everybody, who);
      for (const one of everybody) {
        const missing =
          (await agreements.isParty(id, one.address)) && !(await agreements.hasConfirmed(id, one.address));
        if (missing && who < 15) sender = one;
      }
      await act(history, sender, [agreements, name, [id]]);
    }),
  );

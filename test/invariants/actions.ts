import fc from "fast-check";
import type { Described } from "./actions/action.ts";
import { execute, file, intrude } from "./actions/authority.ts";
import { anchor, append, close, confirm, propose, record } from "./actions/evidence.ts";
import { certify, changeKey, move, moveReset, openReset, recognise, sponsor } from "./actions/identity.ts";
import { delay, replay, rest } from "./actions/relays.ts";
import { allocate, answer, approve, offer, present, publish, setAgent, settle, transfer } from "./actions/vouchers.ts";

/** Steps of a run, the frequent ones more often. */
export const actions: fc.Arbitrary<Described[]> = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: record },
    { weight: 1, arbitrary: close },
    { weight: 3, arbitrary: append },
    { weight: 2, arbitrary: anchor },
    { weight: 2, arbitrary: propose },
    { weight: 5, arbitrary: confirm },
    { weight: 4, arbitrary: allocate },
    { weight: 1, arbitrary: setAgent },
    { weight: 5, arbitrary: transfer },
    { weight: 1, arbitrary: approve },
    { weight: 3, arbitrary: present },
    { weight: 3, arbitrary: answer },
    { weight: 2, arbitrary: offer },
    { weight: 4, arbitrary: settle },
    { weight: 2, arbitrary: publish },
    { weight: 3, arbitrary: certify },
    { weight: 1, arbitrary: move },
    { weight: 1, arbitrary: recognise },
    { weight: 1, arbitrary: sponsor },
    { weight: 1, arbitrary: changeKey },
    { weight: 2, arbitrary: openReset },
    { weight: 4, arbitrary: moveReset },
    { weight: 3, arbitrary: file },
    { weight: 4, arbitrary: execute },
    { weight: 4, arbitrary: intrude },
    { weight: 2, arbitrary: replay },
    { weight: 1, arbitrary: delay },
    { weight: 2, arbitrary: rest },
  ),
  { minLength: 80, maxLength: 100, size: "max" },
);

import { publishPrices, setBytePrice, setClass } from "../../../operator/acts/quota.ts";
import { admitSender, removeSender, SENDER_KINDS } from "../../../operator/acts/senders.ts";
import { actRoute } from "./act-route.ts";
import { fields } from "./fields.ts";

const PROPOSED =
  "Council decides it: this proposes it with the seat's key of BROP_SEAT_KEY, and the bookkeepers' votes follow (GO-3). Without " +
  "that key it is refused with the calls that a seat can propose.";

const { reason } = fields;
const sender = fields.address("The sender");

export const councilActRoutes = [
  actRoute({
    path: "/operator/quota-classes/:quotaClass",
    kind: setClass,
    summary: "Propose a quota class",
    description: PROPOSED,
    params: {
      quotaClass: { ...fields.number("Number of the class; up to 15 they belong to levels"), minimum: 1, maximum: 255 },
    },
    body: {
      ceiling: fields.points("Most points that an account of this class can have"),
      grant: fields.points("Points granted at the end of each period"),
      initial: fields.points("Points of a new account"),
      periodBlocks: { type: "integer", minimum: 1, maximum: 2 ** 32 - 1, description: "Blocks of a period" },
      reason,
    },
    required: ["ceiling", "grant", "initial", "periodBlocks"],
  }),
  actRoute({
    path: "/operator/byte-price",
    kind: setBytePrice,
    summary: "Propose the price of a byte of call data",
    description: PROPOSED,
    body: { points: { ...fields.points("Points per byte"), maximum: 2 ** 32 - 1 }, reason },
    required: ["points"],
  }),
  actRoute({
    path: "/operator/prices",
    kind: publishPrices,
    summary: "Publish first prices of functions, or propose others",
    description: `Functions without a price get their first one from the operator. Where one has a price already, ${PROPOSED}`,
    body: {
      contract: fields.name(
        "Name in Directory; `Voucher` for every voucher, `Account` for accounts' calls to themselves",
      ),
      prices: {
        ...{ type: "object", minProperties: 1, maxProperties: 100 },
        additionalProperties: { type: "integer", minimum: 0, maximum: 2 ** 32 - 1 },
        description: "Points by function; 0 takes it out of accounts' reach",
      },
      reason,
    },
    required: ["contract", "prices"],
  }),
  actRoute({
    path: "/operator/senders",
    kind: admitSender,
    summary: "Propose that an address may send transactions of its own",
    description: `A relay of the operator's, an operator's key, a seat. ${PROPOSED}`,
    body: {
      sender,
      kind: { type: "string", enum: Object.keys(SENDER_KINDS) },
      allowance: { type: "integer", minimum: 0, maximum: 2 ** 40 - 1, description: "Direct transactions a period" },
      reason,
    },
    required: ["sender", "kind", "allowance"],
  }),
  actRoute({
    path: "/operator/senders/:sender/removal",
    kind: removeSender,
    summary: "Propose that a sender is removed for good",
    description: PROPOSED,
    params: { sender },
    body: { ground: fields.ground, reason },
    required: ["ground"],
  }),
];

import { quorumOf } from "../../core/qbft/seals.ts";
import { findValidators } from "../../store/queries/validators.ts";
import { orNull, toAddress } from "../format.ts";
import { checkBlock } from "../lookup.ts";
import { address, at, blockNumber, described, listOf, nullable, objectOf, whole } from "../schema.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Who keeps the books: the nodes that seal the next block",
  access: "public",
  tag: "chain",
  query: at,
  answer: objectOf({
    needed: described(whole, "Seals that are a quorum: two thirds of the validators, rounded up"),
    items: listOf(
      objectOf({
        validator: described(address, "Address of the node's key"),
        seat: nullable(described(address, "Seat in the council that it belongs to")),
        epoch: described(whole, "Change of the set that brought it in; 0: the beginning"),
        blockNumber,
      }),
      "At most 64, by their addresses; none on a development chain without sealed blocks",
    ),
  }),
});

/** GET /validators */
export const validatorsRoute: AddRoute = (server, { db }) => {
  server.get<{ Querystring: { at?: number } }>("/validators", { schema }, async ({ query }) => {
    const rows = await findValidators(db, await checkBlock(db, query.at));
    const items = rows.map((row) => ({
      validator: toAddress(row.validator),
      seat: orNull(row.seat, toAddress),
      epoch: row.epoch,
      blockNumber: row.from_block,
    }));
    return { needed: quorumOf(items.length), items };
  });
};

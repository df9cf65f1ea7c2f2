import { BropError } from "../../core/errors.ts";
import { findBlock } from "../../store/queries/blocks.ts";
import { findContracts } from "../../store/queries/contracts.ts";
import { readPosition } from "../../store/queries/position.ts";
import { Counter } from "../counter.ts";
import { toHex, toTime } from "../format.ts";
import { described, flag, hash, listOf, nullable, objectOf, text, time, whole } from "../schema.ts";
import { contractSchema, showContract } from "../shapes/contract.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "Which chain this is, how far it is indexed and how much there is",
  access: "public",
  tag: "chain",
  answer: objectOf({
    chainId: whole,
    genesisHash: hash,
    head: described(whole, "Newest block of the chain, as the indexer last saw it"),
    indexedHead: described(whole, "Newest block that these answers know; -1: none yet"),
    indexedAt: nullable(described(time, "Time of that block")),
    lag: described(whole, "Blocks between the two"),
    indexing: described(flag, "Whether the indexer of this process goes on"),
    secondsLeft: nullable(described(whole, "While it is far behind: about how long until it is not, in seconds")),
    rebuilt: nullable(described(whole, "Newest block of a new index that is being made beside this one")),
    problem: nullable(described(text, "Code of what keeps the indexer from going on")),
    counts: objectOf({
      records: whole,
      objects: whole,
      accounts: whole,
      partners: whole,
      vouchers: whole,
      operations: whole,
    }),
    contracts: listOf(contractSchema),
  }),
});

/** GET /status */
export const statusRoute: AddRoute = (server, { db, indexer }) => {
  const counter = new Counter(db);
  server.get("/status", { schema }, async () => {
    const position = await readPosition(db);
    if (position === undefined) throw new BropError("service.unavailable", { reason: "nothing is indexed yet" });
    const [counts, contracts, block] = await Promise.all([
      counter.read(),
      findContracts(db),
      findBlock(db, position.block_number),
    ]);
    const status = indexer?.status();
    const head = Math.max(status?.head ?? -1, position.block_number);
    return {
      chainId: position.chain_id,
      genesisHash: toHex(position.genesis_hash),
      head,
      indexedHead: position.block_number,
      indexedAt: block === undefined ? null : toTime(block.timestamp),
      lag: head - position.block_number,
      indexing: status?.running ?? false,
      secondsLeft: status?.secondsLeft ?? null,
      rebuilt: status?.rebuilt ?? null,
      problem: status?.error?.code ?? null,
      counts,
      contracts: contracts.map(showContract),
    };
  });
};

import { hexToBytes } from "../../core/hex.ts";
import { findBlock } from "../../store/queries/blocks.ts";
import { transactionsOf } from "../../store/queries/transactions.ts";
import { found } from "../lookup.ts";
import { blockDetailSchema, showBlock, showTransaction } from "../shapes/block.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const schema = routeSchema({
  summary: "One block with its transactions",
  access: "public",
  tag: "chain",
  params: { block: { type: "string", pattern: "^([0-9]{1,15}|0x[0-9a-fA-F]{64})$", description: "Number or hash" } },
  answer: blockDetailSchema,
});

/** GET /blocks/:block */
export const blockRoute: AddRoute = (server, { db }) => {
  server.get<{ Params: { block: string } }>("/blocks/:block", { schema }, async ({ params }) => {
    const which = params.block.startsWith("0x") ? hexToBytes(params.block) : Number(params.block);
    const block = found(await findBlock(db, which), "block", params.block);
    const transactions = await transactionsOf(db, block.number);
    return { ...showBlock(block), transactions: transactions.map(showTransaction) };
  });
};

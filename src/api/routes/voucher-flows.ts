import { hexToBytes } from "../../core/hex.ts";
import { findBlock } from "../../store/queries/blocks.ts";
import { readPosition } from "../../store/queries/position.ts";
import { type FlowRow, findFlows } from "../../store/queries/voucher-flows.ts";
import { findVoucher } from "../../store/queries/vouchers.ts";
import { checkBlock, found } from "../lookup.ts";
import { amount, at, described, given, listOf, objectOf, type Schema, whole } from "../schema.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const DAY = 86_400;
const MOST_DAYS = 366;
const USUAL_DAYS = 30;

const days: Schema = {
  type: "integer",
  minimum: 1,
  maximum: MOST_DAYS,
  default: USUAL_DAYS,
  description: `How many days, up to ${MOST_DAYS}; the last one is that of the newest block, or of \`at\``,
};

const schema = routeSchema({
  summary: "What moved of a voucher, day by day",
  access: "public",
  tag: "vouchers",
  params: { address: given.address("The voucher's contract") },
  query: { days, ...at },
  answer: objectOf({
    items: listOf(
      objectOf({
        day: { type: "string", format: "date", description: "Day (UTC)" },
        allocated: described(amount, "Newly brought into circulation"),
        transferred: described(amount, "Passed from one holder to another"),
        redeemed: described(amount, "Taken out of circulation"),
        movements: described(whole, "How many movements these are"),
      }),
      "Every day of the time, the oldest first",
    ),
  }),
});

interface Question {
  Params: { address: string };
  Querystring: { days: number; at?: number };
}

/** GET /vouchers/:address/flows */
export const voucherFlowsRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/vouchers/:address/flows", { schema }, async ({ params, query }) => {
    const block = await checkBlock(db, query.at);
    const voucher = hexToBytes(params.address);
    found(await findVoucher(db, voucher, block), "voucher", params.address);
    const end = await findBlock(db, block ?? (await readPosition(db))?.block_number ?? 0);
    const last = Math.floor((end?.timestamp ?? 0) / DAY);
    const first = last - query.days + 1;
    const rows = await findFlows(db, { voucher, since: first * DAY, at: block });
    const byDay = new Map(rows.map((row) => [row.day, row]));
    const items = Array.from({ length: query.days }, (_, index) => showDay(first + index, byDay.get(first + index)));
    return { items };
  });
};

function showDay(day: number, row: FlowRow | undefined) {
  return {
    day: new Date(day * DAY * 1_000).toISOString().slice(0, 10),
    allocated: row?.allocated ?? "0",
    transferred: row?.transferred ?? "0",
    redeemed: row?.redeemed ?? "0",
    movements: row?.movements ?? 0,
  };
}

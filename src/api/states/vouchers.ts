import { findStates } from "../../store/queries/states.ts";
import { amount, blockNumber, described, hash, listOf, nullable, objectOf, oneOf } from "../schema.ts";
import { aBlock, aFlag, aHash, aNumber, anAddress, anAmount, aTransaction, aWord, maybe } from "./members.ts";
import { stateRoutes } from "./state-routes.ts";

const REDEMPTION = ["none", "presented", "redeemed", "refused", "overdue"] as const;
const CHALLENGE = ["none", "open", "answered", "contradicted"] as const;
const MOST = 1_000;

export const redemptionRoutes = stateRoutes({
  path: "/redemptions",
  tag: "vouchers",
  summary: "Vouchers that were presented, newest first",
  table: "redemptions",
  order: { id: "integer" },
  members: {
    id: aNumber("id"),
    voucher: anAddress("voucher"),
    holder: anAddress("holder"),
    lot: anAmount("lot", "0 of a splittable voucher, or the lot, decimal digits"),
    amount: anAmount("amount"),
    status: aWord("status", REDEMPTION),
    lastBlock: aBlock("last_block", "Last block in which the issuer can answer, without a pause"),
    statement: maybe(aHash("statement", "What the holder stated")),
    answer: maybe(aHash("answer", "Digest of the issuer's receipt or ground")),
    presentedBlock: aBlock("presented_block"),
    closedBlock: maybe(aBlock("closed_block")),
    transactionHash: aTransaction("transaction_hash"),
  },
  filters: {
    voucher: { column: "voucher", kind: "account", description: "Only of this voucher" },
    holder: { column: "holder", kind: "account", description: "Only this holder's" },
    status: { column: "status", kind: REDEMPTION, description: "Only those of this status" },
  },
  one: { summary: "One presentation", name: "redemption", column: "id", kind: "number" },
});

export const custodyProofRoutes = stateRoutes({
  path: "/custody-proofs",
  tag: "vouchers",
  summary: "What exchanges published of the vouchers that they hold for others, newest first",
  table: "custody_proofs",
  order: { published_block: "integer", id: "bytes" },
  members: {
    id: aHash("id"),
    publisher: anAddress("publisher"),
    voucher: maybe(anAddress("voucher", "Proven against the balance in this voucher; null: declared, never proven")),
    record: maybe(aHash("record", "Record that a declared total is bound to")),
    stateBlock: aBlock("state_block", "Block that the total is of"),
    root: aHash("root"),
    total: anAmount("total"),
    leaves: aNumber("leaf_count"),
    disputed: aFlag("disputed", "Whether a contradiction was shown"),
    publishedBlock: aBlock("published_block"),
    transactionHash: aTransaction("transaction_hash"),
  },
  filters: {
    publisher: { column: "publisher", kind: "account", description: "Only this exchange's" },
    voucher: { column: "voucher", kind: "account", description: "Only those about this voucher" },
  },
  one: {
    summary: "One custody proof, and the statements that were held against it",
    name: "custody proof",
    column: "id",
    kind: "hash",
    more: {
      schema: {
        challenges: listOf(
          objectOf({
            statement: described(hash, "Digest of the exchange's statement; zeros: the tree's own order"),
            status: oneOf(CHALLENGE.slice(1)),
            amount: nullable(amount),
            lastBlock: nullable(blockNumber),
          }),
        ),
      },
      async read(db, row, at) {
        const order = { columns: { "s.statement": "bytes" }, direction: "asc" } as const;
        const filter = { equal: { proof: row.id }, at };
        const { rows } = await findStates(db, "custody_challenges", filter, { limit: MOST }, order);
        const statement = aHash("statement").show;
        const challenges = rows.map((one) => ({
          statement: statement(one.statement as never),
          status: CHALLENGE[one.status as number],
          amount: one.amount,
          lastBlock: one.last_block,
        }));
        return { challenges };
      },
    },
  },
});

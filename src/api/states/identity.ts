import { aBlock, aHash, aNumber, anAddress, aText, aTransaction, aWord, maybe, someBytes } from "./members.ts";
import { stateRoutes } from "./state-routes.ts";

const KIND = ["none", "certified", "custom"] as const;
const RESET = ["none", "proposed", "waiting", "completed", "objected", "cancelled"] as const;
const ORDER = ["none", "filed", "executed", "reported", "withdrawn"] as const;

export const nameRoutes = stateRoutes({
  path: "/names",
  tag: "identity",
  summary: "Names of accounts that agreed to show them, in the order of the names",
  table: "account_names",
  order: { name: "text", account: "bytes" },
  direction: "asc",
  present: ["name"],
  members: {
    name: aText("name"),
    account: anAddress("account"),
    kind: aWord("kind", KIND, "Certified: the name in the documents by which the certifier identified the account"),
    certifier: maybe(anAddress("certifier")),
    transactionHash: aTransaction("transaction_hash"),
  },
  filters: {
    name: { column: "name", kind: "text", description: "Only exactly this name" },
    prefix: { column: "name", kind: "prefix", description: "Only names that begin so, whatever their case" },
    account: { column: "account", kind: "account", description: "Only this account's" },
    lookSkeleton: { column: "look_skeleton", kind: "hash", description: "Only names that look like this (UTS 39)" },
  },
});

export const keyResetRoutes = stateRoutes({
  path: "/key-resets",
  tag: "identity",
  summary: "Key resets, newest first",
  table: "key_resets",
  order: { id: "integer" },
  members: {
    id: aNumber("id"),
    account: anAddress("account"),
    opener: anAddress("opener", "The certifier that opened it"),
    newSigner: someBytes("new_signer", "ERC-7913 signer that the account gets"),
    application: aHash("application", "Record of the user's application"),
    check: aHash("identity_check", "Record of the identity check"),
    status: aWord("status", RESET),
    endorser: maybe(anAddress("endorser", "The second certifier")),
    closedBy: maybe(anAddress("closed_by", "Who objected")),
    ground: maybe(aHash("ground", "Of the objection or cancellation")),
    waitingUntil: maybe(aBlock("waiting_until", "Last block of the waiting period")),
    lastBlock: maybe(aBlock("last_block", "Last block in which it can be completed")),
    openedBlock: aBlock("opened_block"),
    transactionHash: aTransaction("transaction_hash"),
  },
  filters: {
    account: { column: "account", kind: "account", description: "Only this account's" },
    opener: { column: "opener", kind: "account", description: "Only those that this certifier opened" },
    status: { column: "status", kind: RESET, description: "Only those of this status" },
  },
  one: { summary: "One key reset", name: "key reset", column: "id", kind: "number" },
});

export const orderRoutes = stateRoutes({
  path: "/orders",
  tag: "governance",
  summary: "Orders of authorities, newest first",
  table: "orders",
  order: { id: "integer" },
  members: {
    id: aNumber("id"),
    authority: anAddress("authority"),
    subject: maybe(anAddress("subject", "Whom or what it is about")),
    executor: anAddress("executor", "Who has to carry it out"),
    target: maybe(anAddress("target", "Contract that is called; null: an order without a call")),
    callDigest: maybe(aHash("call_digest", "keccak256 of the call's data")),
    document: aHash("document", "SHA-256 of the order's document"),
    location: aText("location", "Where the document can be had"),
    status: aWord("status", ORDER, "One that was filed has expired after its last block"),
    lastBlock: aBlock("last_block"),
    filedBlock: aBlock("filed_block"),
    closedBlock: maybe(aBlock("closed_block")),
    result: maybe(aHash("result", "Digest of the report, or of the ground on which it was withdrawn")),
    transactionHash: aTransaction("transaction_hash"),
  },
  filters: {
    authority: { column: "authority", kind: "account", description: "Only this authority's" },
    subject: { column: "subject", kind: "account", description: "Only those about this address" },
    executor: { column: "executor", kind: "account", description: "Only those that this account carries out" },
    status: { column: "status", kind: ORDER, description: "Only those of this status" },
  },
  one: { summary: "One order", name: "order", column: "id", kind: "number" },
});

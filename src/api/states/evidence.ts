import { findStates } from "../../store/queries/states.ts";
import { toAddress } from "../format.ts";
import { address, described, flag, hash, listOf, objectOf, text } from "../schema.ts";
import { aBlock, aHash, aNumber, anAddress, aText, aTime, aTransaction, aWord, maybe } from "./members.ts";
import { stateRoutes } from "./state-routes.ts";

const AGREEMENT = ["none", "proposed", "effective", "cancelled"] as const;
const STAMPED = ["none", "record", "batch", "block"] as const;
/** A document has at most 64 parties; of a batch's leaves as many are told. */
const MOST = 1_000;

export const agreementRoutes = stateRoutes({
  path: "/agreements",
  tag: "evidence",
  summary: "Agreements, newest first",
  table: "agreements",
  order: { proposed_block: "integer", id: "bytes" },
  members: {
    id: aHash("id"),
    proposer: anAddress("proposer"),
    digest: aHash("digest", "Of the document"),
    algorithm: aNumber("algorithm", "Multicodec code of the digest's algorithm"),
    status: aWord("status", AGREEMENT, "One that was proposed has lapsed after its last block"),
    parties: aNumber("party_count", "How many have to confirm"),
    lastBlock: aBlock("last_block", "Last block in which a party can confirm"),
    proposedBlock: aBlock("proposed_block"),
    closedBlock: maybe(aBlock("closed_block", "Block in which it took effect or was cancelled")),
    closedAt: maybe(aTime("closed_at")),
    transactionHash: aTransaction("transaction_hash"),
  },
  filters: {
    proposer: { column: "proposer", kind: "account", description: "Only those that this account proposed" },
    digest: { column: "digest", kind: "hash", description: "Only those of this document" },
    status: { column: "status", kind: AGREEMENT, description: "Only those of this status" },
  },
  one: {
    summary: "One agreement, and who has confirmed it",
    name: "agreement",
    column: "id",
    kind: "hash",
    more: {
      schema: { confirmations: listOf(objectOf({ party: address, confirmed: flag })) },
      async read(db, row, at) {
        const order = { columns: { "s.position": "integer" }, direction: "asc" } as const;
        const filter = { equal: { agreement: row.id }, at };
        const { rows } = await findStates(db, "agreement_parties", filter, { limit: MOST }, order);
        const confirmations = rows.map((one) => ({
          party: toAddress(one.party as Uint8Array),
          confirmed: one.confirmed,
        }));
        return { confirmations };
      },
    },
  },
});

export const batchRoutes = stateRoutes({
  path: "/batches",
  tag: "evidence",
  summary: "Anchored lists of records, newest first",
  table: "batches",
  order: { block_number: "integer", log_index: "integer" },
  members: {
    id: aHash("id"),
    owner: anAddress("owner"),
    root: aHash("root", "hash_tree_root of the list (SSZ)"),
    records: aNumber("record_count"),
    responsible: maybe(anAddress("responsible", "Partner that answers for an anonymous owner")),
    anchoredAt: aTime("anchored_at"),
    transactionHash: aTransaction("transaction_hash"),
  },
  filters: {
    owner: { column: "owner", kind: "account", description: "Only this account's" },
    root: { column: "root", kind: "hash", description: "Only those of this root" },
  },
  one: {
    summary: "One batch, and which of its records were revoked",
    name: "batch",
    column: "id",
    kind: "hash",
    more: {
      schema: {
        revoked: listOf(
          objectOf({ leaf: described(text, "Place in the list, decimal digits"), reason: hash }),
          `The first ${MOST} by their places`,
        ),
      },
      async read(db, row, at) {
        const order = { columns: { "s.leaf": "numeric" }, direction: "asc" } as const;
        const filter = { equal: { batch: row.id }, at };
        const { rows } = await findStates(db, "leaf_revocations", filter, { limit: MOST }, order);
        const reason = aHash("reason").show;
        return { revoked: rows.map((one) => ({ leaf: one.leaf, reason: reason(one.reason as never) })) };
      },
    },
  },
});

export const hostedFileRoutes = stateRoutes({
  path: "/hosted-files",
  tag: "evidence",
  summary: "Files that are kept off chain, newest first",
  table: "hosted_files",
  order: { registered_block: "integer", owner: "bytes", content_digest: "bytes" },
  members: {
    contentDigest: aHash("content_digest", "By which every download is checked"),
    owner: anAddress("owner"),
    locationDigest: aHash("location_digest", "SHA-256 of the address under which it can be had"),
    size: aNumber("size", "Bytes"),
    registeredAt: aTime("registered_at"),
    until: aTime("valid_until", "First second after its term"),
    endedAt: maybe(aTime("ended_at", "When its owner ended it")),
    responsible: maybe(anAddress("responsible", "Partner that answers for an anonymous owner")),
    registeredBlock: aBlock("registered_block"),
    transactionHash: aTransaction("transaction_hash"),
  },
  filters: {
    owner: { column: "owner", kind: "account", description: "Only this account's" },
    contentDigest: { column: "content_digest", kind: "hash", description: "Only those of this content" },
  },
});

export const timestampAuthorityRoutes = stateRoutes({
  path: "/timestamp-authorities",
  tag: "evidence",
  summary: "Timestamp authorities, newest first",
  table: "timestamp_authorities",
  order: { id: "integer" },
  members: {
    id: aNumber("id"),
    certificateDigest: aHash("certificate_digest", "SHA-256 of the certificate (DER)"),
    notBefore: aTime("not_before"),
    notAfter: aTime("not_after"),
    policy: aText("policy", "Object identifier of its policy"),
    location: aText("location", "Where the certificate and its chain can be had"),
    registeredBlock: aBlock("registered_block"),
    retiredBlock: maybe(aBlock("retired_block", "Block from which no token of it is taken")),
    ground: maybe(aHash("ground", "Of its retirement")),
    transactionHash: aTransaction("transaction_hash"),
  },
  filters: {},
  one: { summary: "One timestamp authority", name: "authority", column: "id", kind: "number" },
});

export const timestampTokenRoutes = stateRoutes({
  path: "/timestamp-tokens",
  tag: "evidence",
  summary: "Tokens of timestamp authorities, newest first",
  table: "timestamp_tokens",
  order: { block_number: "integer", log_index: "integer" },
  members: {
    object: aHash("object", "Record, batch or block that is stamped"),
    kind: aWord("kind", STAMPED),
    authority: aNumber("authority"),
    owner: anAddress("owner"),
    tokenDigest: aHash("token_digest"),
    statedAt: aTime("stated_at", "The time that the token states"),
    transactionHash: aTransaction("transaction_hash"),
  },
  filters: {
    object: { column: "object", kind: "hash", description: "Only this object's" },
    authority: { column: "authority", kind: "number", description: "Only this authority's" },
  },
});

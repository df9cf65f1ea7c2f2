import { parseAccountId } from "../../core/account-id.ts";
import { bytesToHex, hexToBytes } from "../../core/hex.ts";
import type { Database } from "../../store/database.ts";
import { accountOfNumber } from "../../store/queries/accounts.ts";
import { findBlock } from "../../store/queries/blocks.ts";
import { type HitRow, type NamedRow, searchAddress, searchHash, searchName } from "../../store/queries/search.ts";
import { toAddress } from "../format.ts";
import { LookAlikes } from "../look-alikes.ts";
import { described, listOf, nullable, objectOf, oneOf, text } from "../schema.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const KINDS = [
  ...["record", "object", "account", "partner", "voucher", "agreement", "batch", "order", "block", "operation"],
] as HitRow["kind"][];
/** How the text and what was found belong together. */
const MATCHES = ["identifier", "name", "part", "look-alike"] as const;
/** As AccountNames counts. */
const NAME_KINDS = ["none", "certified", "custom"] as const;

interface Hit {
  kind: HitRow["kind"];
  id: string;
  title: string;
  match: (typeof MATCHES)[number];
  nameKind: string | null;
}

const schema = routeSchema({
  summary: "Finds anything",
  description:
    "By digest, record, object, agreement, batch, document of an order, account address or printed ID, block number or " +
    "hash, transaction or operation hash, name of a partner, voucher or account. A transaction is found as its block. " +
    "Names that look like the text and are others come last, and are marked.",
  access: "public",
  tag: "search",
  query: { q: { type: "string", minLength: 1, maxLength: 200, description: "What is looked for" } },
  answer: objectOf({
    items: listOf(
      objectOf({
        kind: oneOf(KINDS),
        id: described(text, "What the route of this kind takes: address, hash or number"),
        title: described(text, "Name, or the identifier once more"),
        match: described(
          oneOf(MATCHES),
          "identifier; name: it is the text, whatever the case; part: it contains it; look-alike: another name that " +
            "can be mistaken for it (UTS 39)",
        ),
        nameKind: {
          type: ["string", "null"],
          enum: [...NAME_KINDS.slice(1), null],
          description: "Of an account's name: from documents, or chosen freely",
        },
      }),
    ),
    next: nullable(text),
  }),
});
Object.assign(schema.querystring, { required: ["q"] });

/** GET /search */
export const searchRoute: AddRoute = (server, { db }) => {
  const lookAlikes = new LookAlikes();
  server.get<{ Querystring: { q: string } }>("/search", { schema }, async ({ query }) => ({
    items: await search(db, lookAlikes, query.q.normalize("NFKC").trim()),
    next: null,
  }));
};

async function search(db: Database, lookAlikes: LookAlikes, q: string): Promise<Hit[]> {
  const hex = /^(?:0x)?([0-9a-f]{64}|[0-9a-f]{40})$/i.exec(q)?.[1];
  if (hex !== undefined) {
    const bytes = hexToBytes(`0x${hex}`);
    const rows = hex.length === 64 ? await searchHash(db, bytes) : await searchAddress(db, bytes);
    return distinct(rows.map((row) => showHit(row, "identifier")));
  }
  const byNumber = /^[\d\s-]+$/.test(q) ? await searchNumber(db, q) : [];
  const [byName, alike] = q.length === 0 ? [[], []] : await Promise.all([searchName(db, q), lookAlikes.find(db, q)]);
  const isText = ({ title }: NamedRow) => plain(title) === plain(q);
  return distinct([
    ...byNumber.map((row) => showHit(row, "identifier")),
    ...byName.map((row) => showHit(row, isText(row) ? "name" : "part")),
    ...alike.map((row) => showHit(row, isText(row) ? "name" : "look-alike")),
  ]);
}

/** A block's number or an account's printed ID; some texts are both. */
async function searchNumber(db: Database, q: string): Promise<HitRow[]> {
  const hits: HitRow[] = [];
  const block = /^\d{1,15}$/.test(q) ? await findBlock(db, Number(q)) : undefined;
  if (block !== undefined) hits.push({ kind: "block", id: Buffer.from(String(block.number)), title: null });
  const address = await accountOfNumber(db, accountNumber(q));
  if (address !== undefined) hits.push(...(await searchAddress(db, address)));
  return hits;
}

function accountNumber(q: string): bigint {
  try {
    return parseAccountId(q);
  } catch {
    return 0n;
  }
}

/** Each thing once, as it was found first. */
function distinct(hits: readonly Hit[]): Hit[] {
  const first = new Map<string, Hit>();
  for (const hit of hits) {
    const key = `${hit.kind} ${hit.id}`;
    if (!first.has(key)) first.set(key, hit);
  }
  return [...first.values()];
}

function showHit(row: HitRow, match: Hit["match"]): Hit {
  const id = idOf(row);
  const nameKind = NAME_KINDS[row.name_kind ?? 0];
  return {
    kind: row.kind,
    id,
    title: row.title ?? id,
    match,
    nameKind: nameKind === "none" ? null : (nameKind ?? null),
  };
}

const plain = (text: string) => text.normalize("NFKC").toLowerCase();

function idOf({ kind, id }: HitRow): string {
  if (kind === "block" || kind === "order") return Buffer.from(id).toString();
  return id.length === 20 ? toAddress(id) : bytesToHex(id);
}

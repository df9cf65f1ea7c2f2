import { parseAccountId } from "../../core/account-id.ts";
import { bytesToHex, hexToBytes } from "../../core/hex.ts";
import type { Database } from "../../store/database.ts";
import { accountOfNumber } from "../../store/queries/accounts.ts";
import { findBlock } from "../../store/queries/blocks.ts";
import { type HitRow, searchAddress, searchHash, searchName } from "../../store/queries/search.ts";
import { toAddress } from "../format.ts";
import { described, listOf, nullable, objectOf, oneOf, text } from "../schema.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const KINDS = ["record", "object", "account", "partner", "voucher", "block", "operation"] as const;

interface Hit {
  kind: (typeof KINDS)[number];
  id: string;
  title: string;
}

const schema = routeSchema({
  summary: "Finds anything",
  description:
    "By digest, record, object, account address or printed ID, block number or hash, transaction or operation hash, " +
    "name of a partner or voucher. A transaction is found as its block.",
  access: "public",
  tag: "search",
  query: { q: { type: "string", minLength: 1, maxLength: 200, description: "What is looked for" } },
  answer: objectOf({
    items: listOf(
      objectOf({
        kind: oneOf(KINDS),
        id: described(text, "What the route of this kind takes: address, hash or number"),
        title: described(text, "Name, or the identifier once more"),
      }),
    ),
    next: nullable(text),
  }),
});
Object.assign(schema.querystring, { required: ["q"] });

/** GET /search */
export const searchRoute: AddRoute = (server, { db }) => {
  server.get<{ Querystring: { q: string } }>("/search", { schema }, async ({ query }) => ({
    items: await search(db, query.q.normalize("NFKC").trim()),
    next: null,
  }));
};

async function search(db: Database, q: string): Promise<Hit[]> {
  const hex = /^(?:0x)?([0-9a-f]{64}|[0-9a-f]{40})$/i.exec(q)?.[1];
  if (hex !== undefined) {
    const bytes = hexToBytes(`0x${hex}`);
    return distinct(hex.length === 64 ? await searchHash(db, bytes) : await searchAddress(db, bytes));
  }
  const byNumber = /^[\d\s-]+$/.test(q) ? await searchNumber(db, q) : [];
  const byName = q.length === 0 ? [] : await searchName(db, q);
  return distinct([...byNumber, ...byName]);
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

function distinct(rows: readonly HitRow[]): Hit[] {
  const hits = new Map(rows.map((row) => [`${row.kind} ${bytesToHex(row.id)}`, row]));
  return [...hits.values()].map((row) => {
    const id = idOf(row);
    return { kind: row.kind, id, title: row.title ?? id };
  });
}

function idOf({ kind, id }: HitRow): string {
  if (kind === "block") return Buffer.from(id).toString();
  return id.length === 20 ? toAddress(id) : bytesToHex(id);
}

import { parseAccountId } from "../../../src/core/account-id.ts";
import { nameSkeletons } from "../../../src/core/account-name.ts";
import { BropError } from "../../../src/core/errors.ts";
import type { BlockDetail, Hit, HitKind, Holding, Page, PartnerDetail, Status } from "../../../src/web/api/types.ts";
import * as data from "./fixture-data.ts";
import * as more from "./fixture-governance.ts";

/**
 * usual: as described; empty: a registry of the first day; failing: every question ends in an error; hostile: every text
 * that a partner can fill is markup.
 */
export type Mood = "usual" | "empty" | "failing" | "forged-timeline" | "hostile" | "unsealed";

/**
 * Answers a question to the registry of `fixture-data.ts`.
 * @param path below `/v1`
 * @throws BropError
 */
export function answerOf(mood: Mood, path: string, query: URLSearchParams): unknown {
  if (mood === "failing") throw new BropError("service.unavailable");
  if (mood === "hostile") return withMarkup(answerOf("usual", path, query));
  const [collection = "", item, part] = path.slice(1).split("/").map(decodeURIComponent);
  if (item === undefined) return mood === "empty" ? emptyList(collection) : list(collection, query);
  if (mood === "empty") throw new BropError("resource.not-found", { path });
  const found = part === undefined ? one(collection, item) : partOf(mood, collection, item, part, query);
  if (found === undefined) throw new BropError("resource.not-found", { path });
  return found;
}

/** Texts that partners fill, as they would be to do harm. */
const MARKUP = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>{name}`;
const FILLED = ["name", "symbol", "product", "legalCategory", "uri", "location", "document", "title", "policy"];

function withMarkup(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withMarkup);
  if (typeof answer !== "object" || answer === null) return answer;
  const isFilled = (name: string, value: unknown) =>
    FILLED.includes(name) && typeof value === "string" && !/^0x[0-9a-f]{64}$/.test(value);
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [name, isFilled(name, value) ? MARKUP : withMarkup(value)]),
  );
}

function emptyList(collection: string): unknown {
  if (collection === "status") return status(1, 0);
  return collection === "validators" ? { needed: 0, items: [] } : page([], new URLSearchParams());
}

function status(head: number, count: number): Status {
  const counts = {
    records: count,
    objects: count && 1,
    accounts: count && 4,
    partners: count && 3,
    vouchers: count && 1,
  };
  return { chainId: 8420, genesisHash: data.hash("block 0"), head, indexedHead: head, counts };
}

function list(collection: string, query: URLSearchParams): unknown {
  switch (collection) {
    case "status":
      return status(data.blocks[0]?.number ?? 0, data.records.length);
    case "records":
      return page(
        data.records.filter(({ digest }) => [digest, null].includes(query.get("digest"))),
        query,
      );
    case "blocks":
      return page(data.blocks, query);
    case "partners":
      return page(data.partners, query);
    case "vouchers":
      return page(
        [data.voucher].filter(({ issuer }) => [issuer, null].includes(query.get("issuer"))),
        query,
      );
    case "recognitions":
      return page(more.recognitions, query);
    case "documents":
      return page(more.documents, query);
    case "agreements":
      return page(
        more.agreements.map(({ confirmations: _, ...one }) => one),
        query,
      );
    case "orders":
      return page(more.orders, query);
    case "redemptions":
      return page(more.redemptions, query);
    case "timestamp-tokens":
      return page(
        more.tokens.filter(({ object }) => object === query.get("object")),
        query,
      );
    case "validators":
      return { needed: 3, items: more.validators };
    case "search":
      return page(hits(query.get("q") ?? ""), query);
    default:
      throw new BropError("resource.not-found", { path: collection });
  }
}

function one(collection: string, item: string): unknown {
  switch (collection) {
    case "records":
      return data.records.find(({ id }) => id === item);
    case "objects":
      return data.object.id === item ? data.object : undefined;
    case "accounts":
      return data.accounts.find(({ address, accountId }) => address === item || accountId === item);
    case "partners":
      return partner(item);
    case "vouchers":
      return data.voucher.address === item ? data.voucher : undefined;
    case "blocks":
      return block(item);
    case "agreements":
      return more.agreements.find(({ id }) => id === item);
    case "orders":
      return more.orders.find(({ id }) => String(id) === item);
    case "batches":
      return more.batch.id === item ? more.batch : undefined;
    case "operations":
      return data.operation.hash === item ? data.operation : undefined;
    default:
      return undefined;
  }
}

function partOf(mood: Mood, collection: string, item: string, part: string, query: URLSearchParams): unknown {
  switch (`${collection}/${part}`) {
    case "records/bundle":
      return item === data.recorded.id ? { format: "brop-proof-bundle" } : undefined;
    case "objects/timeline":
      return page(mood === "forged-timeline" ? forgedLinks() : data.links, query);
    case "accounts/certifications":
      return page(
        data.certifications.filter(({ account }) => account === item),
        query,
      );
    case "accounts/records":
      return page(
        data.records.filter(({ owner }) => owner === item),
        query,
      );
    case "accounts/vouchers":
      return page(
        data.holders
          .filter(({ holder }) => holder === item)
          .map(({ amount, lot }): Holding => {
            const { address, name, symbol, decimals } = data.voucher;
            return { voucher: address, name, symbol, decimals, lot, amount };
          }),
        query,
      );
    case "vouchers/holders":
      return page(data.holders, query);
    case "vouchers/flows":
      return { items: more.flows(Number(query.get("days"))) };
    case "blocks/seals":
      return mood === "unsealed" ? more.seals(0) : more.seals(Number(item));
    case "vouchers/transfers":
      return page(data.transfers, query);
    default:
      return undefined;
  }
}

/** As a dishonest server would show it: the third link is another document's, the fourth is left out. */
function forgedLinks(): typeof data.links {
  return data.links
    .map((link) => (link.position === 2 ? { ...link, digest: data.hash("forged") } : link))
    .filter(({ position }) => position !== 3);
}

function partner(item: string): PartnerDetail | undefined {
  const found = data.partners.find(({ address }) => address === item);
  if (!found) return undefined;
  const recognition = more.RECOGNITION;
  return {
    ...found,
    signatures: [data.signature],
    recognises: found.address === recognition.partner ? [recognition] : [],
    recognisedBy: found.address === recognition.recognised ? [recognition] : [],
  };
}

function block(item: string): BlockDetail | undefined {
  const found = data.blocks.find(({ number }) => String(number) === item);
  if (!found) return undefined;
  const transactions = Array.from({ length: found.transactionCount }, (_, transactionIndex) => ({
    hash: data.hash(`transaction ${item} ${transactionIndex}`),
    transactionIndex,
    sender: data.address("relay"),
    recipient: data.address("entry point"),
    success: true,
    gasUsed: 81_000,
  }));
  return { ...found, transactions };
}

function hits(q: string): Hit[] {
  const lower = q.toLowerCase();
  const found: Hit[] = [];
  const add = (kind: HitKind, id: string, match: Hit["match"] = "identifier", title = id) =>
    found.push({ kind, id, title, match, nameKind: kind === "account" && title !== id ? "custom" : null });
  const named = (kind: HitKind, id: string, name: string) => {
    if (id.toLowerCase() === lower) add(kind, id, "identifier", name);
    else if (name.toLowerCase() === lower) add(kind, id, "name", name);
    else if (name.toLowerCase().includes(lower)) add(kind, id, "part", name);
    else if (alike(name, q)) add(kind, id, "look-alike", name);
  };
  for (const { address, name } of data.partners) named("partner", address, name);
  for (const { id, digest } of data.records) if ([id, digest].includes(lower)) add("record", id);
  for (const { number } of data.blocks) if (String(number) === q) add("block", q);
  if (data.object.id === lower) add("object", data.object.id);
  named("voucher", data.voucher.address, data.voucher.name);
  for (const { id, digest } of more.agreements) if ([id, digest].includes(lower)) add("agreement", id);
  if ([more.batch.id, more.batch.root].includes(lower)) add("batch", more.batch.id);
  for (const { id, document } of more.orders) if (document === lower) add("order", String(id));
  for (const { address, accountId, name } of data.accounts) {
    if (sameId(accountId, q)) add("account", address);
    else if (name) named("account", address, name.name);
  }
  return found;
}

/** Names that can be mistaken for each other, as the platform judges it. */
function alike(one: string, other: string): boolean {
  try {
    return nameSkeletons(one).lookSkeleton === nameSkeletons(other).lookSkeleton;
  } catch {
    return false;
  }
}

function sameId(accountId: string, typed: string): boolean {
  try {
    return parseAccountId(accountId) === parseAccountId(typed);
  } catch {
    return false;
  }
}

function page<Item>(all: readonly Item[], query: URLSearchParams): Page<Item> {
  const start = Number(query.get("cursor") ?? 0);
  const end = start + Number(query.get("limit") ?? 20);
  return { items: all.slice(start, end), next: end < all.length ? String(end) : null };
}

import { randomBytes, randomUUID } from "node:crypto";
import canonicalize from "canonicalize";
import { sha256, TypedDataEncoder, toUtf8Bytes, type Wallet } from "ethers";
import { type Platform, Refusal } from "./platform.ts";

/** What a customer wants. */
export interface Wish {
  customer: string;
  product: string;
  quantity: number;
  /** For all of it, as decimal digits. */
  price: string;
}

/** An order as the shop keeps it. Customers and prices can be guessed, so a salt goes with them into the digest. */
export interface Order extends Wish {
  number: string;
  ordered: string;
  salt: string;
}

/** A row of business data with its record on the chain. */
export interface OrderRow {
  digest: string;
  document: Order;
  state: "unrecorded" | "recorded";
  record: { blockNumber: number; transactionHash: string; status: string } | null;
}

/** A submission of the uplink, as far as the shop looks at it. */
interface Submission {
  id: string;
  state: "received" | "signed" | "submitted" | "included" | "expired" | "rejected";
  success: boolean | null;
  hash: string;
  operation: { sender: string; callData: string };
  typedData: { domain: object; types: Record<string, { name: string; type: string }[]>; message: object } | null;
  reason: { code: string } | null;
}

const SCHEMA = {
  name: "orders",
  schema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    required: ["number", "customer", "product", "quantity", "price", "ordered", "salt"],
    properties: {
      number: { type: "string" },
      customer: { type: "string", minLength: 1, maxLength: 80 },
      product: { type: "string" },
      quantity: { type: "integer", minimum: 1, maximum: 99 },
      price: { type: "string", pattern: "^[0-9]+\\.[0-9]{2}$" },
      ordered: { type: "string", format: "date-time" },
      salt: { type: "string" },
    },
    additionalProperties: false,
  },
  fields: {
    number: {},
    customer: { search: true },
    product: {},
    quantity: {},
    price: { type: "decimal" },
    ordered: {},
  },
};
/** The shop's own number for this type of record. */
const ORDER_KIND = 17;
const MOST_ATTEMPTS = 5;
/** Seconds; longer than a few blocks. */
const PATIENCE = 30;

/** The shop's orders: kept as business data at the platform, each with a record of its digest on the chain. */
export class Orders {
  readonly #platform: Platform;
  readonly #account: string;
  readonly #owner: Wallet;

  constructor(platform: Platform, account: string, owner: Wallet) {
    this.#platform = platform;
    this.#account = account;
    this.#owner = owner;
  }

  /** Says what an order looks like and by what it is looked for. Said again it changes nothing. */
  async prepare(): Promise<void> {
    await this.#platform.post("/v1/schemas", SCHEMA);
  }

  /** Takes an order in. It is kept when this resolves; its record is on its way. */
  async place(wish: Wish): Promise<{ digest: string; order: Order; recorded: Promise<void> }> {
    const order: Order = {
      ...wish,
      ...{ number: randomUUID(), ordered: new Date().toISOString(), salt: randomBytes(16).toString("hex") },
    };
    const digest = digestOf(order);
    const { items } = await this.#platform.post<{ items: { state: string; problem: { detail: string } | null }[] }>(
      "/v1/data/orders",
      { rows: [{ document: order }] },
    );
    const [stored] = items;
    if (stored?.state === "refused") throw new Refusal(400, stored.problem ?? {});
    return { digest, order, recorded: this.record(digest, order.number) };
  }

  /** Has what was not recorded before the shop ended recorded now. */
  async recordTheRest(): Promise<number> {
    const rest = await this.find({ $state: "unrecorded" });
    for (const { digest, document } of rest) await this.record(digest, document.number);
    return rest.length;
  }

  /**
   * Records a digest. A submission always ends: included, or expired at its deadline, and then another one is made.
   * The idempotency key makes it safe to ask again after a lost answer.
   */
  async record(digest: string, number: string): Promise<void> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const asked = { account: this.#account, digest, kind: ORDER_KIND, businessKey: number };
      const prepared = await this.#platform.post<Submission>("/v1/records", asked, `order-${number}-${attempt}`);
      if (prepared.state === "received") await this.#sign(prepared, digest);
      const end = await this.#endOf(prepared.id);
      if (end.state === "included" && end.success) return;
      if (end.reason?.code === "evidence.exists") return;
      if (end.state !== "expired") throw new Error(`Order ${number} was not recorded: ${end.reason?.code}`);
    }
    throw new Error(`Order ${number} was not recorded in ${MOST_ATTEMPTS} attempts`);
  }

  /** Orders by their fields; see docs/retrieval.md for the conditions. */
  async find(where: object, limit = 50): Promise<OrderRow[]> {
    const body = { where, sort: "-ordered", limit };
    return (await this.#platform.post<{ items: OrderRow[] }>("/v1/data/orders/query", body)).items;
  }

  /** What was sold of each product. */
  async sales(): Promise<{ product: string; orders: number; turnover: string }[]> {
    const measures = [{ function: "count" }, { function: "sum", field: "price" }];
    const asked = { measures, groupBy: { field: "product" } };
    const { items } = await this.#platform.post<{ items: { group: string; values: [number, string] }[] }>(
      "/v1/data/orders/aggregate",
      asked,
    );
    return items.map(({ group, values: [orders, turnover] }) => ({ product: group, orders, turnover }));
  }

  /** Signs with the account's key, which never leaves the shop. */
  async #sign({ id, hash, operation, typedData }: Submission, digest: string): Promise<void> {
    if (typedData === null) throw new Error(`Submission ${id} has nothing to sign`);
    const { EIP712Domain: _, ...types } = typedData.types;
    const { domain, message } = typedData;
    // Sign only what was asked for: an operation of one's own account that carries the digest.
    const sound =
      TypedDataEncoder.hash(domain, types, message) === hash &&
      operation.sender.toLowerCase() === this.#account.toLowerCase() &&
      operation.callData.includes(digest.slice(2));
    if (!sound) throw new Error(`Submission ${id} is not what was asked for`);
    const signature = await this.#owner.signTypedData(domain, types, message);
    await this.#platform.post(`/v1/submissions/${id}/signature`, { signature });
  }

  async #endOf(id: string): Promise<Submission> {
    for (;;) {
      const path = `/v1/submissions/${id}?wait=included&timeout=${PATIENCE}`;
      const submission = await this.#platform.get<Submission>(path);
      if (["included", "expired", "rejected"].includes(submission.state)) return submission;
    }
  }
}

/** SHA-256 of the canonical JSON (RFC 8785), by which the platform knows the document too. */
export function digestOf(order: Order): string {
  return sha256(toUtf8Bytes(canonicalize(order) as string));
}

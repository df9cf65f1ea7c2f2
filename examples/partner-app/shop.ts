/**
 * A small shop that keeps its orders at the platform and has each one recorded on the chain.
 *
 *   npx node examples/partner-app/shop.ts [--settings FILE] [--port N]     the shop, in a browser
 *   npx node examples/partner-app/shop.ts --customers N                    N customers order, then it ends
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { Wallet } from "ethers";
import { Orders, type Wish } from "./orders.ts";
import { CATALOGUE, money, shopPage } from "./pages.ts";
import { Platform, Refusal } from "./platform.ts";
import { readSettings } from "./settings.ts";
import { type Recorded, Webhooks } from "./webhooks.ts";

const LARGEST_BODY = 65_536;
const MOST_CUSTOMERS = 1_000;
/** Milliseconds that a webhook may take after its record was found included. */
const WEBHOOK_PATIENCE = 60_000;

const { values } = parseArgs({
  options: {
    settings: { type: "string", default: "data/shop.json" },
    port: { type: "string", default: "8500" },
    customers: { type: "string" },
  },
});
const settings = await readSettings(values.settings);
const platform = new Platform(settings.platform, settings.apiKey);
const orders = new Orders(platform, settings.account, new Wallet(settings.ownerKey));
const told = new Map<string, Recorded>();

const server = createServer((request, response) => {
  answer(request, response).catch((error: Error) => {
    const status = error instanceof Refusal ? 502 : 400;
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(error.message);
  });
});
await new Promise<void>((resolve) =>
  server.listen(values.customers === undefined ? Number(values.port) : 0, "127.0.0.1", resolve),
);
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
await orders.prepare();
const { id: subscription, webhooks } = await Webhooks.subscribe(
  platform,
  settings.account,
  `${address}/hook`,
  (recorded) => {
    told.set(recorded.digest, recorded);
    console.log(`Recorded in block ${recorded.block}: ${recorded.digest}`);
  },
);

if (values.customers === undefined) {
  const rest = await orders.recordTheRest();
  if (rest > 0) console.log(`${rest} orders of before are recorded now`);
  console.log(`The shop is open at ${address}`);
} else {
  await serveCustomers(Math.min(MOST_CUSTOMERS, Number(values.customers)));
  await platform.delete(`/v1/subscriptions/${subscription}`);
  server.closeAllConnections();
  server.close();
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", address);
  const what = `${request.method} ${pathname}`;
  if (what === "POST /hook") {
    webhooks.take(await bodyOf(request), request.headers as Record<string, string>);
    response.writeHead(204).end();
  } else if (what === "POST /orders") {
    const { recorded } = await orders.place(wishOf(new URLSearchParams(await bodyOf(request))));
    // Its end comes some blocks later; a webhook tells of it.
    recorded.catch((error: Error) => console.error(error.message));
    response.writeHead(303, { location: "/" }).end();
  } else if (what === "GET /") {
    const search = searchParams.get("search") ?? "";
    const found = await orders.find(search === "" ? {} : { customer: { search } });
    const page = shopPage({ platform: settings.platform, search, orders: found, sales: await orders.sales() });
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  } else {
    response.writeHead(404).end("There is no such page");
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST_BODY) throw new Error("The request is too large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function wishOf(form: URLSearchParams): Wish {
  const product = form.get("product") ?? "";
  const quantity = Number(form.get("quantity"));
  const cents = CATALOGUE[product];
  if (cents === undefined) throw new Error("There is no such tea");
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 99) throw new Error("From 1 to 99 tins, please");
  return { customer: form.get("customer") ?? "", product, quantity, price: money(cents * quantity) };
}

/** Customers order at once; then everything that was ordered has to be recorded, told of, and found. */
async function serveCustomers(count: number): Promise<void> {
  const products = Object.keys(CATALOGUE);
  const placed = await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const product = products[at % products.length] as string;
      const price = money(CATALOGUE[product] as number);
      const { digest, order, recorded } = await orders.place({
        customer: `Customer ${at + 1} 陈`,
        product,
        quantity: 1,
        price,
      });
      await recorded;
      return { digest, order };
    }),
  );
  const end = Date.now() + WEBHOOK_PATIENCE;
  while (placed.some(({ digest }) => !told.has(digest)) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const { digest, order } of placed) {
    const [row] = await orders.find({ number: order.number });
    if (row?.record?.blockNumber !== told.get(digest)?.block)
      throw new Error(`Order ${order.number} is not as it was told`);
    console.log(`${order.customer}: ${order.product}, ${order.price}, block ${row?.record?.blockNumber}`);
  }
  for (const { product, orders: number, turnover } of await orders.sales()) {
    console.log(`${product}: ${number} sold, ${turnover}`);
  }
}

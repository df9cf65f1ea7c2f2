import type { OrderRow } from "./orders.ts";

/** What is sold, with prices in cents. */
export const CATALOGUE: Readonly<Record<string, number>> = {
  "安溪铁观音 Tieguanyin": 8850,
  "龙井 Longjing": 12000,
  "祁门红茶 Keemun": 6400,
};

interface Shown {
  platform: string;
  search: string;
  orders: OrderRow[];
  sales: { product: string; orders: number; turnover: string }[];
  fault?: string;
}

/** The shop's one page. */
export function shopPage({ platform, search, orders, sales, fault }: Shown): string {
  const options = Object.entries(CATALOGUE).map(
    ([name, cents]) => `<option value="${textOf(name)}">${textOf(name)}, ${money(cents)}</option>`,
  );
  const rows = orders.map(({ digest, document, record }) => {
    const { customer, product, quantity, price } = document;
    const proof =
      record === null
        ? `<span class="waits">on its way</span>`
        : `<a href="${textOf(platform)}/search?q=${textOf(digest)}">block ${record.blockNumber}, ${textOf(record.status)}</a>`;
    return `<tr><td>${textOf(customer)}</td><td>${textOf(product)}</td><td>${quantity}</td><td>${textOf(price)}</td><td>${proof}</td></tr>`;
  });
  const totals = sales.map(
    ({ product, orders: count, turnover }) =>
      `<tr><td>${textOf(product)}</td><td>${count}</td><td>${textOf(turnover)}</td></tr>`,
  );
  const none = `<tr><td colspan="5">${search === "" ? "No orders yet." : "No order of such a customer."}</td></tr>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Corner Tea Shop</title>
<style>body{font:16px system-ui;max-width:50rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}
td,th{padding:.3rem .6rem;border-bottom:1px solid #ddd;text-align:left}.waits{color:#a60}.fault{color:#b00}</style>
<h1>Corner Tea Shop</h1>
${fault === undefined ? "" : `<p class="fault">${textOf(fault)}</p>`}
<form method="post" action="/orders">
<label>Name <input name="customer" required maxlength="80"></label>
<label>Tea <select name="product">${options.join("")}</select></label>
<label>Tins <input name="quantity" type="number" min="1" max="99" value="1"></label>
<button>Order</button></form>
<h2>Orders</h2>
<form><input name="search" value="${textOf(search)}" placeholder="part of a name"><button>Search</button></form>
<table><tr><th>Customer</th><th>Tea</th><th>Tins</th><th>Price</th><th>On the chain</th></tr>${rows.join("") || none}</table>
<h2>Sold</h2>
<table><tr><th>Tea</th><th>Orders</th><th>Turnover</th></tr>${totals.join("") || none}</table></html>`;
}

/** @param cents whole */
export function money(cents: number): string {
  return (cents / 100).toFixed(2);
}

function textOf(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

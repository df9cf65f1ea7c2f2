import { Ajv, type ValidateFunction } from "ajv";
import { expect } from "chai";
import fastify from "fastify";
import { apiRoutes } from "../../../src/api/api-routes.ts";
import type { Retrieval } from "../../../src/retrieval/retrieval.ts";
import type { Database } from "../../../src/store/database.ts";
import * as queries from "../../../src/web/api/queries.ts";
import { signInFor } from "../../api/fake-node.ts";
import { answerOf } from "../../browser/support/fixture-answers.ts";
import * as data from "../../browser/support/fixture-data.ts";
import * as more from "../../browser/support/fixture-governance.ts";

type Schema = Readonly<Record<string, unknown>>;

interface Route {
  readonly pattern: RegExp;
  readonly query: ValidateFunction;
  readonly answer: ValidateFunction;
}

const PAGE = { limit: 10, cursor: "0" };

/** Every question of the site, as its pages ask it. */
const QUESTIONS: Readonly<Record<keyof typeof queries, () => Promise<unknown>>> = {
  status: () => queries.status(),
  search: () => queries.search("r"),
  blocks: () => queries.blocks(PAGE),
  block: () => queries.block("1199"),
  records: () => queries.records({ ...PAGE, digest: data.recorded.digest }),
  record: () => queries.record(data.recorded.id),
  object: () => queries.object(data.object.id),
  timeline: () => queries.timeline(data.object.id, PAGE),
  account: () => queries.account(data.USER),
  certifications: () => queries.certifications(data.USER, 1150),
  accountRecords: () => queries.accountRecords(data.USER, PAGE),
  holdings: () => queries.holdings(data.USER, PAGE),
  partners: () => queries.partners(PAGE),
  partner: () => queries.partner(data.MARKET),
  vouchers: () => queries.vouchers({ ...PAGE, issuer: data.FARM }),
  voucher: () => queries.voucher(data.voucher.address),
  holders: () => queries.holders(data.voucher.address, PAGE),
  transfers: () => queries.transfers(data.voucher.address, PAGE),
  operation: () => queries.operation(data.operation.hash),
  flows: () => queries.flows(data.voucher.address, 30),
  redemptions: () => queries.redemptions(data.voucher.address, PAGE),
  recognitions: () => queries.recognitions(PAGE),
  documents: () => queries.documents(PAGE),
  seals: () => queries.seals(1199),
  validators: () => queries.validators(),
  agreements: () => queries.agreements(PAGE),
  agreement: () => queries.agreement(more.agreement.id),
  orders: () => queries.orders(PAGE),
  order: () => queries.order("1"),
  batch: () => queries.batch(more.batch.id),
  timestampTokens: () => queries.timestampTokens(data.recorded.id),
};

describe("web: questions to the query interface", () => {
  const real = globalThis.fetch;
  let routes: Route[];
  let asked: URL | undefined;

  before(async () => {
    routes = await routesOfApi();
    globalThis.fetch = async (address) => {
      asked = new URL(String(address), "http://localhost");
      return Response.json(answerOf("usual", asked.pathname.slice("/v1".length), asked.searchParams));
    };
  });
  after(() => {
    globalThis.fetch = real;
  });

  // The answers that browser tests work with hold exactly the members that the site's types name.
  for (const [name, ask] of Object.entries(QUESTIONS)) {
    it(`asks only what the interface knows, and expects only members that it has: ${name}`, async () => {
      const answer = await ask();
      const route = routes.find(({ pattern }) => pattern.test(asked?.pathname ?? ""));
      expect(route, asked?.pathname).not.to.equal(undefined);
      const parameters = Object.fromEntries(asked?.searchParams ?? []);
      expect(route?.query(parameters), JSON.stringify(route?.query.errors)).to.equal(true);
      expect(route?.answer(answer), JSON.stringify(route?.answer.errors)).to.equal(true);
    });
  }
});

async function routesOfApi(): Promise<Route[]> {
  const ajv = new Ajv({ coerceTypes: true, strict: false });
  const server = fastify();
  const routes: Route[] = [];
  server.addHook("onRoute", ({ url, schema }) => {
    const answer = (schema?.response as Record<number, Schema> | undefined)?.[200];
    if (!url.startsWith("/v1/") || answer === undefined) return;
    routes.push({
      pattern: new RegExp(`^${url.replace(/:\w+/g, "[^/]+")}$`),
      query: ajv.compile(schema?.querystring as Schema),
      answer: ajv.compile(withoutRequired(answer)),
    });
  });
  await server.register(
    apiRoutes({
      ...{ db: {} as Database, indexer: undefined, signIn: signInFor({} as Database), retrieval: {} as Retrieval },
      ...{ allowPrivate: false, subscriptionChanged: () => {} },
    }),
  );
  await server.ready();
  await server.close();
  return routes;
}

/** The site names the members it shows; the interface may have more. */
function withoutRequired(schema: unknown): Schema {
  if (Array.isArray(schema)) return schema.map(withoutRequired) as unknown as Schema;
  if (typeof schema !== "object" || schema === null) return schema as unknown as Schema;
  const members = Object.entries(schema).filter(([name, value]) => name !== "required" || !Array.isArray(value));
  return Object.fromEntries(members.map(([name, value]) => [name, withoutRequired(value)]));
}

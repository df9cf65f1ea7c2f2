import fastify, { type FastifyInstance } from "fastify";
import { apiRoutes } from "../../src/api/api-routes.ts";
import type { ApiContext } from "../../src/api/context.ts";
import { hostingContext } from "../../src/api/files/hosting-context.ts";
import type { Rates } from "../../src/api/limits/rate-limits.ts";
import { SERVER_OPTIONS } from "../../src/api/server-options.ts";
import type { SignIn } from "../../src/api/sign-in/sign-in.ts";
import type { RpcClient } from "../../src/chain/rpc-client.ts";
import { systemClock } from "../../src/core/clock.ts";
import { createIndexer } from "../../src/indexer/indexer.ts";
import { Retrieval } from "../../src/retrieval/retrieval.ts";
import type { Database } from "../../src/store/database.ts";
import { BatchIntake } from "../../src/uplink/batch/intake.ts";
import { ContractBook } from "../../src/uplink/forms/contract-book.ts";
import { Submissions } from "../../src/uplink/submissions.ts";
import { EndWaiter } from "../../src/uplink/waiting.ts";
import { HostingFolder } from "../hosting/hosting-parts.ts";
import type { FakeChain } from "../indexer/fake-chain.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { CHAIN_ID, FakeNode, signInFor } from "./fake-node.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects of the JSON and fails where that is not
export type Body = any;

export interface ApiServer {
  db: Database;
  server: FastifyInstance;
  signIn: SignIn;
  /** The chain's node that says who is who. */
  node: FakeNode;
  /** The answer to GET, with its status. */
  get(path: string): Promise<{ status: number; type: string; body: Body }>;
  /** Any request, with a key or without. */
  ask(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, key?: string, body?: object): Promise<Answer>;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  headers: Readonly<Record<string, unknown>>;
  body: Body;
}

/** The query interface over a database that is filled from a chain by the indexer. */
export async function startApi(
  chain: FakeChain,
  rates?: Rates,
  more: Pick<ApiContext, "header" | "bundle" | "timestamps"> = {},
): Promise<ApiServer> {
  const db = await openMigrated();
  const indexer = createIndexer({ rpc: chain, db, pollInterval: 1 });
  await indexer.start();
  await indexer.caughtUp(chain.head);
  await indexer.stop();
  const node = new FakeNode();
  const signIn = signInFor(db, node);
  const server = fastify(SERVER_OPTIONS);
  const retrieval = new Retrieval({ db, reader: db, clock: systemClock, logger: { warn: () => {} } });
  const submissions = new Submissions({ db, rpc: node as unknown as RpcClient, chainId: CHAIN_ID });
  const book = new ContractBook(db, node);
  const files = new HostingFolder(systemClock);
  const hosting = await files.open(db);
  await server.register(
    apiRoutes({
      hosting: hostingContext(hosting, "http://127.0.0.1"),
      ...{ db, indexer, signIn, retrieval, allowPrivate: true, subscriptionChanged: () => {} },
      uplink: {
        ...{ submissions, book, waiter: new EndWaiter(db, systemClock), handedOver: () => {} },
        batches: { intake: new BatchIntake(db, submissions, book), interval: 1 },
      },
      ...(rates === undefined ? {} : { rates }),
      ...more,
    }),
  );
  await server.ready();
  return {
    db,
    server,
    signIn,
    node,
    async get(path) {
      const answer = await server.inject({ method: "GET", url: path });
      const type = String(answer.headers["content-type"]);
      return { status: answer.statusCode, type, body: type.includes("json") ? answer.json() : answer.body };
    },
    async ask(method, path, key, body) {
      const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const answer = await server.inject({
        method,
        url: path,
        headers,
        ...(body === undefined ? {} : { payload: body }),
      });
      return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
    },
    async close() {
      await server.close();
      await hosting.stop();
      files.remove();
      await db.close();
    },
  };
}

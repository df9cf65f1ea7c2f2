import fastify, { type FastifyInstance } from "fastify";
import { createApiKey } from "../../src/api/access/api-key.ts";
import { apiRoutes } from "../../src/api/api-routes.ts";
import type { TimestampDesk } from "../../src/api/context.ts";
import { hostingContext } from "../../src/api/files/hosting-context.ts";
import { buildBundle } from "../../src/chain/bundle/build-bundle.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { type Clock, systemClock } from "../../src/core/clock.ts";
import type { Hosting } from "../../src/hosting/hosting.ts";
import type { Indexer } from "../../src/indexer/indexer-options.ts";
import { Retrieval } from "../../src/retrieval/retrieval.ts";
import type { Database } from "../../src/store/database.ts";
import type { KeyRole } from "../../src/store/queries/api-keys/api-keys.ts";
import { anchorOperations } from "../../src/uplink/batch/anchor-operations.ts";
import { Batcher } from "../../src/uplink/batch/batcher.ts";
import { BatchIntake } from "../../src/uplink/batch/intake.ts";
import type { KeepData } from "../../src/uplink/form.ts";
import { ContractBook } from "../../src/uplink/forms/contract-book.ts";
import { IndexedOperationEnds } from "../../src/uplink/indexed-ends.ts";
import { type Relay, rpcRelay } from "../../src/uplink/relay.ts";
import type { SignFor } from "../../src/uplink/sign-for.ts";
import { type Plan, Submissions, type SubmissionsOptions } from "../../src/uplink/submissions.ts";
import { Uplink } from "../../src/uplink/uplink.ts";
import { EndWaiter } from "../../src/uplink/waiting.ts";
import { signInFor } from "../api/fake-node.ts";
import type { HostingFolder } from "../hosting/hosting-parts.ts";
import { makeIndexer } from "../indexer/indexing.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { testAccessNode } from "../support/access-node.ts";
import { testChain } from "../support/chain.ts";
import { type People, testPeople } from "../support/people.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects of the JSON and fails where that is not
export type Body = any;

export interface Answer {
  status: number;
  headers: Readonly<Record<string, unknown>>;
  body: Body;
}

/** Blocks for which records gather. */
export const BATCH_BLOCKS = 1;

export interface RunningOptions extends Pick<SubmissionsOptions, "signFor"> {
  /** Whether business data is kept by retrieval. */
  keeps?: boolean;
  relays?: readonly Relay[];
  /** Signs anchors of batches for accounts whose key is kept here. */
  signAnchors?: SignFor;
  /** Whether the uplink works by itself; otherwise the test makes its passes. */
  works?: boolean;
  /** Where files are kept, if they are. */
  files?: HostingFolder<Clock>;
  /** Whom records are stamped by. */
  timestamps?: TimestampDesk;
  /** JSON-RPC of the node that bundles are made from; the chain's own by default. */
  bundlesFrom?: string;
}

/** Interface, uplink and indexer over the shared test chain, as the platform puts them together. */
export class Running {
  readonly people: People;
  readonly db: Database;
  readonly rpc: RpcClient;
  readonly indexer: Indexer;
  readonly server: FastifyInstance;
  readonly submissions: Submissions;
  readonly uplink: Uplink;
  readonly batcher: Batcher<Plan>;
  readonly #book: ContractBook;
  readonly #bundlesFrom: RpcClient;
  readonly #works: boolean;

  private constructor(
    people: People,
    db: Database,
    rpc: RpcClient,
    relays: readonly Relay[],
    options: RunningOptions,
    hosting?: Hosting,
  ) {
    const { works = true, keeps = false, signFor, signAnchors } = options;
    const retrieval = new Retrieval({ db, reader: db, clock: systemClock, logger: { warn: () => {} } });
    const keepData: KeepData | undefined = keeps
      ? (tx, tenant, schema, rows) => retrieval.keep(tx, tenant, schema, rows)
      : undefined;
    const waiter = new EndWaiter(db, systemClock);
    this.people = people;
    this.db = db;
    this.rpc = rpc;
    this.#works = works;
    this.#bundlesFrom = options.bundlesFrom === undefined ? rpc : new RpcClient(options.bundlesFrom);
    this.indexer = makeIndexer(db, rpc, { pollInterval: 50, onIndexed: () => this.uplink.nudge() });
    this.submissions = new Submissions({ db, rpc, chainId: Number(people.brop.chainId), keepData, signFor });
    this.uplink = new Uplink({
      ...{ db, relays, ends: new IndexedOperationEnds(db), onEnded: () => waiter.nudge() },
      head: async () => Number(await rpc.call<string>("eth_blockNumber")),
    });
    this.#book = new ContractBook(db, rpc);
    this.batcher = new Batcher({
      ...{ db, interval: BATCH_BLOCKS, onMade: () => this.uplink.nudge() },
      operations: anchorOperations(this.submissions, this.#book, signAnchors),
    });
    this.server = fastify();
    // As on the platform's one port: the access node stands beside the interface.
    this.server.post("/rpc", async ({ body }, reply) => {
      const { url } = await testAccessNode();
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/rpc`, { method: "POST", headers, body: JSON.stringify(body) });
      return reply.type("application/json").send(await answer.text());
    });
    this.server.register(
      apiRoutes({
        ...{
          db,
          indexer: this.indexer,
          signIn: signInFor(db),
          retrieval,
          allowPrivate: true,
          subscriptionChanged: () => {},
        },
        uplink: {
          submissions: this.submissions,
          book: this.#book,
          waiter,
          batches: { intake: new BatchIntake(db, this.submissions, this.#book), interval: BATCH_BLOCKS },
          handedOver: () => this.uplink.nudge(),
        },
        hosting: hosting && hostingContext(hosting, "https://brop.example"),
        bundle: (request) => buildBundle((method, params) => this.#bundlesFrom.call(method, [...params]), request),
        timestamps: options.timestamps,
      }),
    );
  }

  static async start(options: RunningOptions = {}): Promise<Running> {
    const people = await testPeople();
    const db = await openMigrated();
    const rpc = new RpcClient((await testChain()).url);
    const relays = options.relays ?? [rpcRelay(`${(await testAccessNode()).url}/rpc`)];
    const running = new Running(people, db, rpc, relays, options, await options.files?.open(db));
    await running.server.ready();
    await running.indexer.start();
    await running.caughtUp();
    if (running.#works) running.uplink.start();
    return running;
  }

  async head(): Promise<number> {
    return Number(await this.rpc.call<string>("eth_blockNumber"));
  }

  async caughtUp(): Promise<void> {
    await this.indexer.caughtUp(await this.head());
  }

  /** A key of its own tenant. */
  async key(role: KeyRole = "partner", scopes = ["submissions"], account: string | null = null): Promise<string> {
    const description = { name: "shop", role, scopes, expiresAt: null, account };
    return (await createApiKey(this.db, description, "platform", Date.now())).key;
  }

  async ask(method: "GET" | "POST", path: string, key: string, body?: object, headers = {}): Promise<Answer> {
    const answer = await this.server.inject({
      ...{ method, url: path, headers: { authorization: `Bearer ${key}`, ...headers } },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body === "" ? "" : answer.json() };
  }

  async stop(): Promise<void> {
    await this.server.close();
    await this.batcher.stop();
    await this.uplink.stop();
    await this.indexer.stop();
    await this.db.close();
    this.#bundlesFrom.close();
    this.rpc.close();
  }
}

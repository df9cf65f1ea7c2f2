import fastify, { type FastifyInstance } from "fastify";
import { createApiKey } from "../../../src/api/access/api-key.ts";
import { apiRoutes } from "../../../src/api/api-routes.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { Retrieval } from "../../../src/retrieval/retrieval.ts";
import type { Database } from "../../../src/store/database.ts";
import type { KeyRole } from "../../../src/store/queries/api-keys/api-keys.ts";
import type { Body } from "../../api/api-server.ts";
import { signInFor } from "../../api/fake-node.ts";

export interface Answer {
  status: number;
  body: Body;
  text: string;
  headers: Readonly<Record<string, unknown>>;
}

export interface DataServer {
  server: FastifyInstance;
  retrieval: Retrieval;
  /** A new key for an account, or for none. */
  key(account: string | null, role?: KeyRole): Promise<string>;
  /** A request; a body that is text is sent as it is. */
  ask(
    method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD",
    path: string,
    key?: string,
    body?: object | string,
  ): Promise<Answer>;
}

/** The query interface over a database, without a chain. */
export async function startDataServer(db: Database, reader = db): Promise<DataServer> {
  const retrieval = new Retrieval({ db, reader, clock: systemClock, logger: silentLogger });
  const server = fastify();
  await server.register(
    apiRoutes({
      db,
      retrieval,
      signIn: signInFor(db),
      indexer: undefined,
      allowPrivate: false,
      subscriptionChanged: () => {},
    }),
  );
  await server.ready();
  return {
    server,
    retrieval,
    async key(account, role = "partner") {
      const description = { name: "test", role, account, scopes: ["data"], expiresAt: null };
      return (await createApiKey(db, description, "test", Date.now())).key;
    },
    async ask(method, path, key, body) {
      const answer = await server.inject({
        ...{ method, url: encodeURI(path) },
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const json = String(answer.headers["content-type"]).includes("json") && !answer.body.includes("\n");
      return {
        ...{ status: answer.statusCode, text: answer.body, headers: answer.headers },
        body: json && answer.body !== "" ? answer.json() : undefined,
      };
    },
  };
}

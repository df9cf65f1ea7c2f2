import { type IncomingHttpHeaders, request as openRequest } from "node:http";
import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { createApiKey } from "../../src/api/access/api-key.ts";
import { apiRoutes } from "../../src/api/api-routes.ts";
import { type HostingContext, hostingContext } from "../../src/api/files/hosting-context.ts";
import { SERVER_OPTIONS } from "../../src/api/server-options.ts";
import { type Clock, systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { Hosting } from "../../src/hosting/hosting.ts";
import { allowOtherOrigins } from "../../src/platform/cross-origin.ts";
import { addSecurityHeaders } from "../../src/platform/security-headers.ts";
import { Retrieval } from "../../src/retrieval/retrieval.ts";
import type { Database } from "../../src/store/database.ts";
import type { KeyRole } from "../../src/store/queries/api-keys/api-keys.ts";
import { signInFor } from "../api/fake-node.ts";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects of the JSON and fails where that is not
  body: any;
}

export interface Asked {
  key?: string;
  headers?: Readonly<Record<string, string | number>>;
  body?: Uint8Array | string;
}

export interface FilesServer {
  url: string;
  server: FastifyInstance;
  context: HostingContext;
  /** A new key for an account. */
  key(account: string | null, role?: KeyRole, scopes?: string[]): Promise<string>;
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
  close(): Promise<void>;
}

/** The routes of files on a port of their own, with the headers that the platform sets. */
export async function startFilesServer(
  db: Database,
  hosting: Hosting,
  clock: Pick<Clock, "now"> = systemClock,
): Promise<FilesServer> {
  const retrieval = new Retrieval({ db, reader: db, clock: systemClock, logger: silentLogger });
  const server = fastify(SERVER_OPTIONS);
  addSecurityHeaders(server);
  allowOtherOrigins(server, "/v1");
  const context = hostingContext(hosting, "https://brop.example");
  await server.register(
    apiRoutes({
      ...{ db, retrieval, signIn: signInFor(db), indexer: undefined, allowPrivate: false, hosting: context },
      subscriptionChanged: () => {},
    }),
  );
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    context,
    async key(account, role = "partner", scopes = ["files"]) {
      return (await createApiKey(db, { name: "test", role, account, scopes, expiresAt: null }, "test", clock.now()))
        .key;
    },
    ask: (method, path, asked) => ask(port, method, path, asked),
    async close() {
      await server.close();
    },
  };
}

/** A request as it is written, with nothing that a client would add of itself. */
function ask(port: number, method: string, path: string, { key, headers = {}, body }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = openRequest({
      ...{ host: "127.0.0.1", port, method, path: encodeURI(path), agent: false },
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
        ...headers,
      },
    });
    request.on("response", async (response) => {
      const parts: Buffer[] = [];
      try {
        for await (const part of response) parts.push(part);
      } catch (error) {
        return reject(error);
      }
      const bytes = Buffer.concat(parts);
      const isJson = String(response.headers["content-type"]).includes("json") && bytes.length > 0;
      resolve({
        ...{ status: response.statusCode ?? 0, headers: response.headers, bytes },
        body: isJson ? JSON.parse(bytes.toString()) : undefined,
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

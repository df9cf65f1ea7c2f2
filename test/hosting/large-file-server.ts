// The routes of files in a process of their own, and nothing else of the platform, to be measured: FOLDER DATABASE_URL.
// Says its port and a key in one line.
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import fastify from "fastify";
import { createApiKey } from "../../src/api/access/api-key.ts";
import { authoriseRequests } from "../../src/api/access/authorise.ts";
import { KeyRing } from "../../src/api/access/key-ring.ts";
import { auditRequests } from "../../src/api/audit/audit-hook.ts";
import type { RouteContext } from "../../src/api/context.ts";
import { hostingContext } from "../../src/api/files/hosting-context.ts";
import { RateLimits } from "../../src/api/limits/rate-limits.ts";
import { Methods } from "../../src/api/methods.ts";
import { answerProblems } from "../../src/api/problems.ts";
import { fileContentRoute } from "../../src/api/routes/files/content.ts";
import { filesRoute } from "../../src/api/routes/files/files.ts";
import { uploadsRoute } from "../../src/api/routes/files/uploads.ts";
import type { SignIn } from "../../src/api/sign-in/sign-in.ts";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { DiskStore } from "../../src/hosting/disk-store.ts";
import { Hosting } from "../../src/hosting/hosting.ts";
import { Keeper } from "../../src/hosting/keeper.ts";
import { Staging } from "../../src/hosting/staging.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openPostgres } from "../../src/store/postgres.ts";

const GIB = 2 ** 30;
const HOUR = 3_600_000;

const [folder = "", url = ""] = process.argv.slice(2);
const db = await openPostgres(url);
await migrate(db);
const staging = new Staging(join(folder, "uploads"));
await staging.open();
const hosting = new Hosting({
  ...{ db, store: new DiskStore(join(folder, "contents")), staging, clock: systemClock, logger: silentLogger },
  limits: { largestFile: 64 * GIB, quota: 64 * GIB, reserve: 0, uploadPatience: HOUR, scrubInterval: HOUR },
});
const keeper = new Keeper(hosting);
keeper.start();

const server = fastify();
const signIn = { principal: async () => undefined } as unknown as SignIn;
const limits = new RateLimits({ anonymous: 0, key: 0 }, systemClock);
const context = { db, hosting: hostingContext(hosting, "https://brop.example") } as unknown as RouteContext;
await server.register(
  async (routes) => {
    routes.setValidatorCompiler(() => () => true);
    routes.setSerializerCompiler(() => (data) => JSON.stringify(data));
    const methods = new Methods(routes);
    authoriseRequests(routes, { signIn, keys: new KeyRing(db), limits });
    auditRequests(routes, { db, clock: systemClock });
    answerProblems(routes, methods);
    for (const addRoute of [filesRoute, fileContentRoute, uploadsRoute]) addRoute(routes, context);
  },
  { prefix: "/v1" },
);
await server.listen({ host: "127.0.0.1", port: 0 });
const description = { name: "test", role: "partner", account: `0x${"a1".repeat(20)}`, scopes: ["files"] } as const;
const { key } = await createApiKey(db, { ...description, expiresAt: null }, "test", Date.now());
process.stdout.write(`${JSON.stringify({ port: (server.server.address() as AddressInfo).port, key })}\n`);
process.once("SIGTERM", async () => {
  await hosting.stop();
  await server.close();
  await keeper.stop();
  await db.close();
});

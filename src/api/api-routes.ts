import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { Ajv } from "ajv";
import type { FastifyPluginAsync } from "fastify";
import { systemClock } from "../core/clock.ts";
import { ACCESS_MEMBER } from "./access/access.ts";
import { authoriseRequests } from "./access/authorise.ts";
import { KeyRing } from "./access/key-ring.ts";
import { auditRequests } from "./audit/audit-hook.ts";
import { cacheAnswers } from "./caching.ts";
import type { ApiContext } from "./context.ts";
import { RateLimits } from "./limits/rate-limits.ts";
import { Methods } from "./methods.ts";
import { answerProblems } from "./problems.ts";
import { ROUTES } from "./routes/index.ts";
import { takeTextOnly } from "./strict-text.ts";

const DESCRIPTION = `Everything that is recorded on the chain, in the form of questions. Hashes and addresses are
hexadecimal, amounts base units in decimal digits, times ISO 8601 (UTC). Lists have pages: give \`next\` as \`cursor\`.
\`at\` asks as of the end of a block. Errors are problem details (RFC 9457) with a code, and a remedy.`;

const UNLIMITED = { anonymous: 0, key: 0 };

const TAGS = [
  { name: "search", description: "Anything by whatever is known of it" },
  { name: "evidence", description: "Records and objects whose records form a chain" },
  { name: "identity", description: "Accounts, certifications, partners, legal documents" },
  { name: "vouchers", description: "Vouchers, holders, movements" },
  { name: "governance", description: "Orders of authorities, and what became of them" },
  { name: "chain", description: "Blocks, user operations, contracts" },
  { name: "data", description: "Business data of a partner, by the fields of its own schemas" },
  { name: "files", description: "Files that are kept off chain, and what they take" },
  { name: "uplink", description: "Things to be done on the chain: handed over, brought to a definite end" },
  { name: "push", description: "Webhook subscriptions; streams of events are at /events and /ws" },
  { name: "access", description: "API keys" },
  {
    name: "operator",
    description: "What the operator's keys are asked to do; each act is a row with who asked and what came of it",
  },
];

// Numbers and booleans of a query come as text. What a route does not know is refused: a misspelt filter that is passed
// over would answer another question.
const texts = new Ajv({ coerceTypes: true, useDefaults: true, removeAdditional: false, strict: false });
/** A body in JSON has types of its own. */
const bodies = new Ajv({ useDefaults: true, removeAdditional: false, strict: false });

/** The query interface: routes under /v1, the OpenAPI 3.1 document at /v1/openapi.json and a console at /docs. */
export function apiRoutes(context: ApiContext): FastifyPluginAsync {
  return async (server) => {
    // Who waits for an end would hold up the stop.
    server.addHook("preClose", async () => context.uplink?.waiter.close());
    await server.register(swagger, {
      openapi: {
        openapi: "3.1.0",
        info: {
          title: "BROP query interface",
          description: DESCRIPTION,
          version: "1",
          license: { name: "Apache-2.0" },
        },
        tags: TAGS,
        components: {
          securitySchemes: { apiKey: { type: "http", scheme: "bearer", description: "An API key, `brop_…`" } },
        },
      },
    });
    await server.register(swaggerUi, {
      routePrefix: "/docs",
      // It would show every document to a site of others.
      uiConfig: { validatorUrl: null, deepLinking: true },
      theme: { title: "BROP query interface" },
      logo: { type: "image/svg+xml", content: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>") },
    });
    await server.register(
      async (routes) => {
        routes.setValidatorCompiler(({ schema, httpPart }) => {
          // Headers are described only: the routes judge them, whose refusals have statuses of their own.
          if (httpPart === "headers") return () => true;
          return (httpPart === "body" ? bodies : texts).compile(schema);
        });
        const limits = new RateLimits(context.rates ?? UNLIMITED, systemClock);
        const methods = new Methods(routes);
        const keys = new KeyRing(context.db);
        authoriseRequests(routes, { signIn: context.signIn, keys, limits });
        auditRequests(routes, { db: context.db, clock: systemClock });
        answerProblems(routes, methods);
        takeTextOnly(routes);
        cacheAnswers(routes);
        for (const addRoute of ROUTES) addRoute(routes, { ...context, keysChanged: () => keys.forget() });
        routes.get("/openapi.json", { schema: { hide: true, [ACCESS_MEMBER]: "public" } as object }, async () =>
          server.swagger(),
        );
      },
      { prefix: "/v1" },
    );
  };
}

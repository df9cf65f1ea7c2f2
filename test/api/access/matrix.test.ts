import { expect } from "chai";
import { Wallet } from "ethers";
import fastify from "fastify";
import { createApiKey, rotateApiKey, SCOPES } from "../../../src/api/access/api-key.ts";
import { authoriseRequests } from "../../../src/api/access/authorise.ts";
import { KeyRing } from "../../../src/api/access/key-ring.ts";
import { ROLES as PRINCIPAL_ROLES, type Role } from "../../../src/api/access/principal.ts";
import { RateLimits } from "../../../src/api/limits/rate-limits.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { type KeyRole, ROLES, revokeApiKey } from "../../../src/store/queries/api-keys/api-keys.ts";
import { tellStory } from "../../indexer/story.ts";
import { type ApiServer, type Body, startApi } from "../api-server.ts";
import { tokenOf } from "../fake-node.ts";
import { EXPECTED_ACCESS } from "./expected-access.ts";

/** What a route answers to somebody: 401, 403, or what it is for. */
type Answer = "unknown" | "forbidden" | "allowed";

const PATH_SAMPLES: Readonly<Record<string, string>> = {
  account: `0x${"12".repeat(20)}`,
  address: `0x${"12".repeat(20)}`,
  holder: `0x${"12".repeat(20)}`,
  hash: `0x${"34".repeat(32)}`,
  block: "3",
  tenant: `0x${"12".repeat(20)}`,
};

describe("authorisation matrix", function () {
  this.timeout(120_000);
  let api: ApiServer;
  let routes: { name: string; method: string; path: string }[];
  const keys = new Map<string, string>();

  before(async () => {
    api = await startApi(tellStory());
    const { paths } = (await api.get("/v1/openapi.json")).body;
    routes = Object.entries<Body>(paths).flatMap(([path, methods]) =>
      Object.entries<Body>(methods).map(([method, { parameters = [] }]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path: path.replace(/\{(\w+)\}/g, (_, name: string) => sampleOf(name, parameters)),
      })),
    );
    for (const role of ROLES) {
      for (const scope of SCOPES) keys.set(`${role} ${scope}`, (await make(role, [scope])).key);
    }
    const now = Date.now();
    const [expired, revoked, rotated] = await Promise.all([make("operator"), make("operator"), make("operator")]);
    await api.db.query("update api_keys set expires_at = $2 where id = $1", [expired.id, now - 1]);
    await revokeApiKey(api.db, revoked.id, now);
    await rotateApiKey(api.db, rotated.id, now - 25 * 3_600_000);
    const signedOut = await tokenOf(api.signIn);
    await api.signIn.end(signedOut);
    keys.set("signed out", signedOut);
    keys.set("expired", expired.key).set("revoked", revoked.key).set("rotated out", rotated.key);
  });
  after(() => api.close());

  const make = (role: KeyRole, scopes: string[] = ["*"]) =>
    createApiKey(api.db, { name: role, role, scopes, expiresAt: null }, "platform", Date.now());

  const signedIn = (role: Role) => {
    const wallet = Wallet.createRandom();
    api.node.roles.set(wallet.address, role);
    return tokenOf(api.signIn, wallet);
  };

  const answerTo = async (route: { method: string; path: string }, key: string | undefined): Promise<Answer> => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const { statusCode, body } = await api.server.inject({ method: route.method as "GET", url: route.path, headers });
    expect(statusCode, `${route.method} ${route.path}: ${body}`).to.be.lessThan(500);
    if (statusCode === 401) return "unknown";
    return statusCode === 403 && JSON.parse(body).code === "access.forbidden" ? "forbidden" : "allowed";
  };

  it("has a line for every route, and no line without a route", () => {
    expect(routes.map(({ name }) => name).sort()).to.deep.equal(Object.keys(EXPECTED_ACCESS).sort());
  });

  it("is what the OpenAPI document says", async () => {
    const { paths } = (await api.get("/v1/openapi.json")).body;
    for (const [name, expected] of Object.entries(EXPECTED_ACCESS)) {
      const [method = "", path = ""] = name.split(" ");
      const { "x-access": access, security } = paths[path]?.[method.toLowerCase()] ?? {};
      expect(access, name).to.deep.equal(expected);
      expect(security, name).to.deep.equal(expected === "public" ? undefined : [{ apiKey: [] }]);
    }
  });

  for (const [name, expected] of Object.entries(EXPECTED_ACCESS)) {
    it(`holds for ${name}`, async () => {
      const route = routes.find((each) => each.name === name);
      if (route === undefined) throw new Error(`there is no route ${name}`);
      const isPublic = expected === "public";
      // What is not public is refused before anything else is looked at, so that nothing of this changes anything.
      const wanted = new Map<string, Answer>([["nobody", isPublic ? "allowed" : "unknown"]]);
      for (const who of ["expired", "revoked", "rotated out", "signed out"]) wanted.set(who, "unknown");
      for (const role of PRINCIPAL_ROLES) {
        keys.set(`${role} signed in`, await signedIn(role));
        wanted.set(`${role} signed in`, isPublic || expected.roles.includes(role) ? "allowed" : "forbidden");
      }
      for (const role of ROLES) {
        for (const scope of SCOPES) {
          const enough = !isPublic && (scope === "*" || expected.scope === null || scope === expected.scope);
          const fits = isPublic || (expected.roles.includes(role) && enough);
          wanted.set(`${role} ${scope}`, fits ? "allowed" : "forbidden");
        }
      }
      const found = new Map<string, Answer>();
      for (const who of wanted.keys()) found.set(who, await answerTo(route, keys.get(who)));
      expect(Object.fromEntries(found)).to.deep.equal(Object.fromEntries(wanted));
    });
  }

  it("holds for HEAD as for GET", async () => {
    for (const { name, path } of routes.filter(({ method }) => method === "GET")) {
      const { statusCode } = await api.server.inject({ method: "HEAD", url: path });
      const refused = EXPECTED_ACCESS[name] !== "public";
      expect(statusCode === 401, name).to.equal(refused);
    }
  });

  it("stops a server with a route that does not say who may use it", async () => {
    const server = fastify();
    const limits = new RateLimits({ anonymous: 0, key: 0 }, systemClock);
    authoriseRequests(server, { signIn: api.signIn, keys: new KeyRing(api.db), limits });
    expect(() => server.get("/v1/everything", async () => "all")).to.throw("does not say who may use it");
    await server.close();
  });
});

/** A value that the path's pattern takes; of something that does not exist. */
function sampleOf(name: string, parameters: Body[]): string {
  const { pattern } = parameters.find((each) => each.in === "path" && each.name === name)?.schema ?? {};
  if (pattern === "^[0-9a-f]{16}$") return "0".repeat(16);
  if (pattern === "^sub_[0-9a-f]{24}$") return `sub_${"0".repeat(24)}`;
  const [, prefix, digits] = /^\^(submission|batch|file|upload)_\[0-9a-f\]\{(\d+)\}\$$/.exec(pattern ?? "") ?? [];
  if (prefix !== undefined) return `${prefix}_${"0".repeat(Number(digits))}`;
  return PATH_SAMPLES[name] ?? `0x${"56".repeat(32)}`;
}

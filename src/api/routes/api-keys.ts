import { getAddress } from "ethers";
import type { FastifyRequest } from "fastify";
import { BropError } from "../../core/errors.ts";
import {
  type ApiKeyRow,
  findApiKey,
  type KeyRole,
  listApiKeys,
  ROLES,
  revokeApiKey,
} from "../../store/queries/api-keys/api-keys.ts";
import type { RestrictedAccess } from "../access/access.ts";
import { createApiKey, rotateApiKey, SCOPES, type Scope } from "../access/api-key.ts";
import { principalOf } from "../access/principal.ts";
import { orNull } from "../format.ts";
import { parseTime } from "../parse-time.ts";
import { address, bodyOf, described, given, listOf, nullable, objectOf, oneOf, text, time } from "../schema.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const KEEPERS: RestrictedAccess = { scope: "api-keys", roles: ["operator"] };
const params = { id: { type: "string", pattern: "^[0-9a-f]{16}$", description: "Identifier of the key" } };
const common = { tag: "access", access: KEEPERS } as const;
const LONGEST_NAME = 100;

const members = {
  id: text,
  name: text,
  role: oneOf(ROLES),
  account: nullable(described(address, "The account that the key speaks for")),
  scopes: listOf(oneOf(SCOPES)),
  createdAt: time,
  createdBy: described(text, "Identifier of the key that made it, or `platform`"),
  expiresAt: nullable(time),
  revokedAt: nullable(time),
};
const keyText = described(text, "`brop_…`: the key itself, which is shown only now");
const shape = objectOf(members);

const schemas = {
  create: routeSchema({
    ...common,
    summary: "Make an API key",
    status: 201,
    body: bodyOf(
      {
        name: { type: "string", minLength: 1, maxLength: LONGEST_NAME, description: "Whose it is, for people" },
        role: oneOf(ROLES),
        account: given.address("The account that the key speaks for: its partner, regulator or bookkeeper"),
        scopes: { type: "array", items: oneOf(SCOPES), minItems: 1, maxItems: SCOPES.length, uniqueItems: true },
        expiresAt: { type: "string", maxLength: 40, description: "ISO 8601; without it the key holds until revoked" },
      },
      ["name", "role", "scopes"],
    ),
    answer: objectOf({ ...members, key: keyText }),
  }),
  list: routeSchema({ ...common, summary: "API keys, newest first", answer: objectOf({ items: listOf(shape) }) }),
  rotate: routeSchema({
    ...common,
    params,
    summary: "Give an API key another secret",
    description: "The former one holds beside it for a day.",
    answer: objectOf({ ...members, key: keyText }),
  }),
  revoke: routeSchema({ ...common, params, summary: "End an API key for good", answer: shape }),
};

/** POST and GET /api-keys, POST /api-keys/:id/secret, DELETE /api-keys/:id */
export const apiKeysRoute: AddRoute = (server, { db, keysChanged }) => {
  type Named = { Params: { id: string } };
  type Asked = { name: string; role: KeyRole; account?: string; scopes: Scope[]; expiresAt?: string };

  server.post<{ Body: Asked }>("/api-keys", { schema: schemas.create }, async (request, reply) => {
    const { id: by } = principalOf(request);
    mustHave(request, request.body.scopes);
    const now = Date.now();
    const expiresAt =
      request.body.expiresAt === undefined ? null : futureTime("expiresAt", request.body.expiresAt, now);
    const { id, key } = await createApiKey(db, { ...request.body, expiresAt }, by, now);
    return reply.code(201).send({ ...show(await mustFind(id)), key });
  });
  server.get("/api-keys", { schema: schemas.list }, async () => ({ items: (await listApiKeys(db)).map(show) }));
  server.post<Named>("/api-keys/:id/secret", { schema: schemas.rotate }, async (request) => {
    const { id, scopes } = await mustFind(request.params.id);
    mustHave(request, scopes);
    const key = await rotateApiKey(db, id, Date.now());
    keysChanged();
    return { ...show(await mustFind(id)), key };
  });
  server.delete<Named>("/api-keys/:id", { schema: schemas.revoke }, async (request) => {
    const { id } = await mustFind(request.params.id);
    await revokeApiKey(db, id, Date.now());
    keysChanged();
    return show(await mustFind(id));
  });

  async function mustFind(id: string): Promise<ApiKeyRow> {
    const row = await findApiKey(db, id);
    if (row === undefined) throw new BropError("resource.not-found", { apiKey: id });
    return row;
  }
};

/**
 * Nobody hands out more than they have: a key for making keys would otherwise be a key for everything.
 *
 * @throws BropError `access.forbidden`
 */
function mustHave(request: FastifyRequest, scopes: readonly string[]): void {
  const own = principalOf(request).scopes;
  const more = own.includes("*") ? undefined : scopes.find((scope) => !own.includes(scope));
  if (more !== undefined) throw new BropError("access.forbidden", { scope: more });
}

function show({ id, name, role, account, scopes, createdAt, createdBy, expiresAt, revokedAt }: ApiKeyRow) {
  const moment = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    ...{ id, name, role, account: orNull(account, getAddress), scopes, createdBy, createdAt: moment(createdAt) },
    expiresAt: orNull(expiresAt, moment),
    revokedAt: orNull(revokedAt, moment),
  };
}

/** @throws BropError `request.invalid` */
function futureTime(field: string, text: string, now: number): number {
  const time = parseTime(field, text);
  if (time > now) return time;
  throw new BropError("request.invalid", { field, reason: "lies in the past" });
}

import { getAddress } from "ethers";
import { type AuditRow, listAuditEntries } from "../../store/queries/audit/audit-log.ts";
import type { RestrictedAccess } from "../access/access.ts";
import { ROLES } from "../access/principal.ts";
import { orNull, toHex } from "../format.ts";
import { optionalAccount } from "../lookup.ts";
import { parseTime } from "../parse-time.ts";
import { address, described, given, nullable, objectOf, oneOf, pageSchema, text, time, whole } from "../schema.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const READERS: RestrictedAccess = { scope: "audit", roles: ["operator", "regulator"] };
const MOST = 200;

const schema = routeSchema({
  access: READERS,
  tag: "access",
  summary: "Who asked for what to be changed, newest first",
  description: "An entry is written before the request is carried out. Bodies are not kept, only their SHA-256.",
  query: {
    principal: { type: "string", minLength: 1, maxLength: 64, description: "Identifier of a key, or `account:0x…`" },
    account: given.account("Whose keys and sign-ins"),
    route: { type: "string", minLength: 1, maxLength: 200, description: "As declared, for example /v1/api-keys/:id" },
    requestId: { type: "string", minLength: 1, maxLength: 64, description: "`x-request-id` of one request" },
    since: { type: "string", maxLength: 40, description: "ISO 8601 (UTC), from then on" },
    until: { type: "string", maxLength: 40, description: "ISO 8601 (UTC), before then" },
    limit: { type: "integer", minimum: 1, maximum: MOST, default: 50, description: `Most items, up to ${MOST}` },
    cursor: { type: "string", pattern: "^[0-9]{1,15}$", description: "`next` of the page before" },
  },
  answer: pageSchema(
    objectOf({
      id: whole,
      at: described(time, "When it came, ISO 8601 (UTC)"),
      requestId: text,
      principal: text,
      role: oneOf(ROLES),
      account: nullable(address),
      method: text,
      route: text,
      path: text,
      bodyDigest: nullable(described(text, "SHA-256 of the body as it came")),
      status: nullable(described(whole, "HTTP status; null: under way, or never answered")),
      details: { type: ["object", "null"], additionalProperties: true, description: "What the route adds" },
    }),
  ),
});

interface Question {
  Querystring: {
    principal?: string;
    account?: string;
    route?: string;
    requestId?: string;
    since?: string;
    until?: string;
    limit: number;
    cursor?: string;
  };
}

/** GET /audit */
export const auditRoute: AddRoute = (server, { db }) => {
  server.get<Question>("/audit", { schema }, async ({ query }) => {
    const { principal, route, requestId, limit, cursor } = query;
    const filter = {
      ...{ principal, route, requestId, before: cursor === undefined ? undefined : Number(cursor) },
      account: await optionalAccount(db, query.account),
      since: query.since === undefined ? undefined : parseTime("since", query.since),
      until: query.until === undefined ? undefined : parseTime("until", query.until),
    };
    const rows = await listAuditEntries(db, filter, limit + 1);
    const items = rows.slice(0, limit).map(show);
    return { items, next: rows.length > limit ? String(items.at(-1)?.id) : null };
  });
};

function show({ at, account, bodyDigest, ...row }: AuditRow) {
  return {
    ...row,
    at: new Date(at).toISOString(),
    account: orNull(account, getAddress),
    bodyDigest: orNull(bodyDigest, toHex),
  };
}

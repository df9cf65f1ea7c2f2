import { Readable } from "node:stream";
import { BropError } from "../../../core/errors.ts";
import { bytesToHex } from "../../../core/hex.ts";
import { byteDays, checkPeriod, type Period, statement, statementLines } from "../../../hosting/usage.ts";
import { csvLine, plainText } from "../../../retrieval/csv.ts";
import type { Database } from "../../../store/database.ts";
import { listFindings } from "../../../store/queries/hosting/findings.ts";
import { bytesInUse, readQuota, setQuota } from "../../../store/queries/hosting/quotas.ts";
import type { RestrictedAccess } from "../../access/access.ts";
import { FILE_OWNERS, ownerOf } from "../../access/file-owners.ts";
import { principalOf } from "../../access/principal.ts";
import { hostingOf } from "../../files/hosting-context.ts";
import { orNull, toHex } from "../../format.ts";
import { parseTime } from "../../parse-time.ts";
import { bodyOf, flag, given, listOf, nullable, objectOf, oneOf, type Schema, text } from "../../schema.ts";
import { findingSchema, roomSchema, toMoment, usageSchema } from "../../shapes/file.ts";
import { type AddRoute, routeSchema } from "../route.ts";

const OPERATORS: RestrictedAccess = { scope: "operator", roles: ["operator"] };
const common = { tag: "files", access: FILE_OWNERS } as const;
const tenant: Schema = {
  type: "string",
  pattern: "^(0x[0-9a-fA-F]{40}|[0-9a-f]{16})$",
  description: "Account, or identifier of a key without one; another than one's own for the operator only",
};
const day = (description: string): Schema => ({ type: "string", maxLength: 40, description });

const schemas = {
  statement: {
    ...routeSchema({
      ...common,
      summary: "What files took in a period, in bytes times time",
      description:
        "Each file counts from when it was kept until it was deleted, to the millisecond. It is worked out from rows that " +
        "are never deleted: asked again, the answer is the same. CSV has a line for each file, with its exact " +
        "byte-milliseconds.",
      query: {
        from: day("ISO 8601: the first moment; by default the beginning of the month of `to` (UTC)"),
        to: day("ISO 8601: the moment behind the last; by default a minute ago, and never later"),
        format: {
          ...oneOf(["json", "csv"]),
          default: "json",
          description: "Totals as JSON, or files as CSV (RFC 4180)",
        },
        tenant,
      },
      answer: { content: { "application/json": { schema: usageSchema }, "text/csv": { schema: text } } },
    }),
  },
  room: routeSchema({
    ...common,
    summary: "Room for files, and what of it is used",
    query: { tenant },
    answer: roomSchema,
  }),
  setRoom: routeSchema({
    ...{ tag: "files", access: OPERATORS, summary: "Give a partner more or less room for files", params: { tenant } },
    description: "Files that are there stay, also where they are more.",
    body: bodyOf({ quota: nullable(given.number("Bytes; null: what the settings say")) }, ["quota"]),
    answer: roomSchema,
  }),
  findings: routeSchema({
    ...{ tag: "files", access: OPERATORS, summary: "What was found wrong in the file store, newest first" },
    query: { open: { ...flag, default: true, description: "Only what is not mended" } },
    answer: objectOf({ items: listOf(findingSchema) }),
  }),
};

interface Asked {
  from?: string;
  to?: string;
  format: "json" | "csv";
  tenant?: string;
}

/** GET /file-usage, /file-quota and /file-findings, PUT /file-quotas/:tenant */
export const fileUsageRoute: AddRoute = (server, context) => {
  const { db } = context;
  server.get<{ Querystring: Asked }>("/file-usage", { schema: schemas.statement }, async (request, reply) => {
    const { clock } = hostingOf(context).hosting.parts;
    const whose = tenantAsked(request, request.query.tenant);
    const period = periodOf(request.query, clock.now());
    if (request.query.format === "csv") {
      return reply
        .type("text/csv; charset=utf-8; header=present")
        .header("content-disposition", 'attachment; filename="file-usage.csv"')
        .header("cache-control", "no-store")
        .send(Readable.from(request.method === "HEAD" ? [] : csv(db, whose, period)));
    }
    const { from, to, files, byteMilliseconds, byteDays: days } = await statement(db, whose, period);
    const answer = { tenant: whose, from: toMoment(from), to: toMoment(to), files };
    return reply
      .type("application/json; charset=utf-8")
      .send(JSON.stringify({ ...answer, byteMilliseconds: String(byteMilliseconds), byteDays: days }));
  });

  server.get<{ Querystring: { tenant?: string } }>("/file-quota", { schema: schemas.room }, async (request) =>
    room(tenantAsked(request, request.query.tenant)),
  );

  server.put<{ Params: { tenant: string }; Body: { quota: number | null } }>(
    "/file-quotas/:tenant",
    { schema: schemas.setRoom },
    async (request) => {
      const whose = request.params.tenant.toLowerCase();
      await setQuota(db, whose, request.body.quota);
      return room(whose);
    },
  );

  server.get<{ Querystring: { open: boolean } }>("/file-findings", { schema: schemas.findings }, async (request) => {
    const findings = await listFindings(db, request.query.open);
    return {
      items: findings.map(({ digest, fault, position, foundBy, foundAt, mendedAt }) => ({
        ...{ digest: toHex(digest), fault, position, foundBy },
        ...{ foundAt: toMoment(foundAt), mendedAt: orNull(mendedAt, toMoment) },
      })),
    };
  });

  async function room(whose: string) {
    const { limits } = hostingOf(context).hosting.parts;
    const { kept, arriving } = await bytesInUse(db, whose);
    return { tenant: whose, quota: (await readQuota(db, whose)) ?? limits.quota, kept, arriving };
  }
};

/** @throws BropError `access.forbidden` for somebody else's, but for the operator */
function tenantAsked(request: Parameters<typeof ownerOf>[0], asked: string | undefined): string {
  const own = ownerOf(request).tenant;
  const whose = asked?.toLowerCase() ?? own;
  if (whose === own || principalOf(request).role === "operator") return whose;
  throw new BropError("access.forbidden", { role: principalOf(request).role, roles: "operator" });
}

const MINUTE = 60_000;

function periodOf({ from, to }: Asked, now: number): Period {
  const end = to === undefined ? now - MINUTE : parseTime("to", to);
  const last = new Date(end - 1);
  const start = from === undefined ? Date.UTC(last.getUTCFullYear(), last.getUTCMonth()) : parseTime("from", from);
  return checkPeriod({ from: start, to: end }, now);
}

async function* csv(db: Database, whose: string, period: Period): AsyncGenerator<string> {
  yield csvLine(["file", "digest", "name", "bytes", "from", "to", "byte-milliseconds", "byte-days"]);
  for await (const line of statementLines(db, whose, period)) {
    const { file, digest, name, size, from, to, byteMilliseconds } = line;
    yield csvLine([
      ...[file, bytesToHex(digest), plainText(name), String(size), toMoment(from), toMoment(to), byteMilliseconds],
      byteDays(BigInt(byteMilliseconds)),
    ]);
  }
}

import { createHash } from "node:crypto";
import { getAddress } from "ethers";
import type { FastifyRequest } from "fastify";
import { batchRecordId } from "../../../core/batch/identifiers.ts";
import { BropError } from "../../../core/errors.ts";
import { bytesToHex } from "../../../core/hex.ts";
import { type ParsedRecords, parseItems, parseLines, parseSerialised } from "../../../uplink/batch/parse-records.ts";
import { expectedFor } from "../../../uplink/batch/standing.ts";
import { once, parseIdempotencyKey, type Work } from "../../../uplink/idempotency.ts";
import { callerOf, SUBMITTERS } from "../../access/submitters.ts";
import type { ApiContext, BatchContext } from "../../context.ts";
import { accountAddress } from "../../lookup.ts";
import { bodyOf, given, type Schema } from "../../schema.ts";
import { takenSchema } from "../../shapes/batch.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import { uplinkOf } from "../uplink/hand-over.ts";
import { parseItem } from "../uplink/record-items.ts";

/** Bytes of a request: 250,000 records as bytes. */
export const TAKE_BODY = 32 * 1_048_576;
const BYTES = "application/octet-stream";
const LINES = "application/x-ndjson";

const EXAMPLES = [
  { digest: `0x${"5e".repeat(32)}`, businessKey: "order 4711", kind: 3 },
  { digest: `0x${"a7".repeat(32)}`, algorithm: "sm3-256", subject: "a lot of tea" },
];
const jsonMembers = bodyOf(
  {
    account: given.account("Account that anchors them, and owns them"),
    items: {
      type: "array",
      minItems: 1,
      items: { description: "As the body of POST /records, without the members that say how the operation is made" },
    },
  },
  ["items"],
);
const jsonBody: Schema = {
  ...jsonMembers,
  examples: [{ account: "0x5B38Da6a701c568545dCfcB03FcB875f56beddC4", items: EXAMPLES }],
};
const text: Schema = {
  description: "A record a line, as an item of the JSON form",
  examples: [EXAMPLES.map((record) => `${JSON.stringify(record)}\n`).join("")],
};
const bytes: Schema = {
  description:
    "Records in SSZ's serialisation, one after another, 134 bytes each: digest 32, algorithm 2 and kind 4 (little-endian), " +
    "subject 32, businessKey 32, refersTo 32; zeros for what is left out",
};

const schema = {
  ...routeSchema({
    summary: "Hand over many records, to be anchored as one batch",
    description:
      "Takes records durably, groups those of an account that come within an interval of blocks and anchors their root by " +
      "one operation. They are found by their digest at once, and have their proof when the batch is anchored. Each item " +
      "is judged for itself. As a JSON array, a JSON text a line, or bytes; with the last two `account` stands in the " +
      "query. With the header `Idempotency-Key` it is done once, however often it is sent.",
    tag: "uplink",
    access: SUBMITTERS,
    status: 201,
    query: { account: given.account("Account that anchors them, and owns them") },
    body: {
      content: {
        "application/json": { schema: jsonBody },
        [LINES]: { schema: text },
        [BYTES]: { schema: bytes },
      },
    },
    answer: takenSchema,
  }),
};

type Body = Buffer | { account?: string; items: unknown[] };
type Asked = FastifyRequest<{ Body: Body; Querystring: { account?: string } }>;

/** POST /batch-records */
export const takeRecordsRoute: AddRoute = (server, context) => {
  server.register(async (routes) => {
    for (const type of [BYTES, LINES]) {
      routes.addContentTypeParser(type, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    }
    routes.post<{ Body: Body; Querystring: { account?: string } }>(
      "/batch-records",
      { schema, bodyLimit: TAKE_BODY },
      async (request, reply) => {
        const { submissions } = uplinkOf(context);
        const { tenant } = callerOf(request);
        const key = parseIdempotencyKey(request.headers["idempotency-key"]);
        const what = `${request.method} ${request.url}`;
        const body = key === undefined ? null : digestible(request);
        const { status, text, repeated } = await once(context.db, { tenant, key, what, body }, submissions.now(), () =>
          prepare(context, request),
        );
        if (repeated) reply.header("idempotent-replayed", "true");
        return reply.code(status).type("application/json; charset=utf-8").send(text);
      },
    );
  });
};

async function prepare(context: ApiContext, request: Asked): Promise<Work> {
  const { intake, interval } = batchesOf(context);
  const caller = callerOf(request);
  if (typeof request.body !== "object" || request.body === null) {
    throw new BropError("request.invalid", { in: "body", reason: "is missing" });
  }
  const named = (Buffer.isBuffer(request.body) ? undefined : request.body.account) ?? request.query.account;
  if (named === undefined) throw new BropError("request.invalid", { field: "account", reason: "is missing" });
  const account = bytesToHex(await accountAddress(context.db, named));
  const parsed = parse(request);
  const accepted = parsed.items - parsed.refused.length;
  if (accepted > 0) await intake.check(caller, account, accepted);
  return async (tx) => {
    const taken = accepted > 0 ? await intake.take(tx, caller, account, parsed.records) : undefined;
    const answer = {
      ...{ portion: taken?.id ?? null, account: getAddress(account), accepted, refused: parsed.refused.length },
      expectedBlock: taken === undefined ? null : expectedFor(taken.block, interval),
      results: resultsOf(parsed, taken?.id, Buffer.isBuffer(request.body) && isBytes(request)),
    };
    return { status: 201, text: JSON.stringify(answer), subject: taken?.id ?? "" };
  };
}

function parse(request: Asked): ParsedRecords {
  const { body } = request;
  if (!Buffer.isBuffer(body)) return parseItems(body.items, parseItem);
  return isBytes(request) ? parseSerialised(body) : parseLines(body, parseItem);
}

const isBytes = ({ headers }: Asked) => headers["content-type"]?.startsWith(BYTES) ?? false;

function resultsOf({ items, refused }: ParsedRecords, portion: string | undefined, onlyRefused: boolean) {
  const problems = refused.map(({ item, problem }) => ({ item, id: null, problem: problem.toProblem() }));
  if (onlyRefused || portion === undefined) return problems;
  const problemOf = new Map(problems.map((one) => [one.item, one]));
  let position = 0;
  return Array.from({ length: items }, (_, item) => {
    return problemOf.get(item) ?? { item, id: batchRecordId(portion, position++), problem: null };
  });
}

/** What the idempotency key stands for. */
function digestible({ body, headers }: Asked): unknown {
  if (!Buffer.isBuffer(body)) return body;
  return { type: headers["content-type"], digest: createHash("sha256").update(body).digest("hex") };
}

/** @throws BropError `service.unavailable` where no chain is at hand */
export function batchesOf(context: ApiContext): BatchContext {
  return uplinkOf(context).batches;
}

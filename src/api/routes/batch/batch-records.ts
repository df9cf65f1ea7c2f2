import { BATCH_RECORD_ID, PORTION_ID, parseBatchRecordId } from "../../../core/batch/identifiers.ts";
import { BropError } from "../../../core/errors.ts";
import { bytesToHex } from "../../../core/hex.ts";
import { findPortion } from "../../../store/queries/batch/portions.ts";
import {
  findBatchRecord,
  findBatchRecords,
  leafRevocation,
  type StoredRecord,
} from "../../../store/queries/batch/records.ts";
import { type Standing, standingOf } from "../../../uplink/batch/standing.ts";
import type { ApiContext } from "../../context.ts";
import { found, optionalAccount } from "../../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../../paging.ts";
import { given, pageSchema } from "../../schema.ts";
import { batchRecordSchema, indexOf, portionSchema, showBatchRecord, showPortion } from "../../shapes/batch.ts";
import { type AddRoute, routeSchema } from "../route.ts";

const common = { tag: "evidence", access: "public" } as const;
export const recordParams = {
  id: {
    type: "string",
    pattern: BATCH_RECORD_ID,
    description:
      "Identifier of the record, as it was given when it was taken: the request's, a point, its place among those of the " +
      "request that were accepted, from 0",
    examples: ["portion_0123456789abcdef01234567.17"],
  },
};
/** Blocks for which records gather where no uplink says otherwise. */
const NO_INTERVAL = 0;

const schemas = {
  list: routeSchema({
    ...common,
    summary: "Records of batches by their digest, oldest first",
    description: "Records that are anchored many at a time are found by their digest, as soon as they were taken.",
    query: { digest: given.hash("Digest of the data"), account: given.account("Owner"), ...paging },
    answer: pageSchema(batchRecordSchema),
  }),
  one: routeSchema({
    ...common,
    summary: "One record of a batch: where it stands, and when its proof is ready",
    params: recordParams,
    answer: batchRecordSchema,
  }),
  portion: routeSchema({
    ...common,
    summary: "What one request handed over to be anchored: where it stands",
    params: {
      id: {
        type: "string",
        pattern: PORTION_ID,
        description: "`portion` of the answer to whoever handed records over",
        examples: ["portion_0123456789abcdef01234567"],
      },
    },
    answer: portionSchema,
  }),
};

/** By portion's number and place. */
const ORDER = { columns: { "p.number": "integer", position: "integer" }, direction: "asc" } as const;

interface Question {
  Querystring: PagingQuery & { digest?: string; account?: string };
}

interface Named {
  Params: { id: string };
}

/** GET /batch-records, GET /batch-records/:id, GET /batch-portions/:id */
export const batchRecordsRoute: AddRoute = (server, context) => {
  const { db } = context;
  server.get<Question>("/batch-records", { schema: schemas.list }, async (request) => {
    const { digest, account } = request.query;
    if (digest === undefined) throw new BropError("request.invalid", { field: "digest", reason: "is missing" });
    const { limit, after } = pageRequest(request.query, ORDER);
    const owner = await optionalAccount(db, account);
    const place = after as [number, number] | undefined;
    const rows = await findBatchRecords(db, digest.toLowerCase(), owner && bytesToHex(owner), place, limit + 1);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    const shown = await Promise.all(rows.slice(0, limit).map((row) => show(context, row)));
    return pageAnswer({ rows: shown, next: last ? [last.portion.number, last.position] : null }, (row) => row);
  });

  server.get<Named>("/batch-records/:id", { schema: schemas.one }, async ({ params }) =>
    show(context, await storedRecord(context, params.id)),
  );

  server.get<Named>("/batch-portions/:id", { schema: schemas.portion }, async ({ params }) => {
    const portion = found(await findPortion(db, params.id), "portion", params.id);
    return showPortion(portion, await standing(context, { portion }));
  });
};

/** @throws BropError `resource.not-found` */
export async function storedRecord({ db }: ApiContext, id: string): Promise<StoredRecord> {
  const { portion, position } = parseBatchRecordId(id);
  return found(await findBatchRecord(db, portion, position), "record", id);
}

/** Where a record stands. */
export function standing({ db, uplink }: ApiContext, { portion }: Pick<StoredRecord, "portion">): Promise<Standing> {
  return standingOf(db, portion, uplink?.batches?.interval ?? NO_INTERVAL);
}

async function show(context: ApiContext, stored: StoredRecord) {
  const where = await standing(context, stored);
  const index = indexOf(stored);
  const isRevocable = index !== null && where.state === "anchored" && where.batch !== undefined;
  const revocation = isRevocable ? await leafRevocation(context.db, where.batch?.anchor as string, index) : undefined;
  return showBatchRecord(stored, where, revocation);
}

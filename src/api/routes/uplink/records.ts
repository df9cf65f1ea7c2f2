import { type ObjectLinkRequest, objectLinkForm } from "../../../uplink/forms/object-link.ts";
import { type RecordRequest, recordForm } from "../../../uplink/forms/record.ts";
import { storeBatch } from "../../../uplink/operation-batch.ts";
import { planRecords } from "../../../uplink/record-batch.ts";
import { callerOf } from "../../access/submitters.ts";
import { bodyOf, given, oneOf, type Schema } from "../../schema.ts";
import { batchRecordSchema } from "../../shapes/batch.ts";
import { newBatchSchema, showNewBatch } from "../../shapes/submission.ts";
import { takeOne } from "../batch/take-one.ts";
import type { AddRoute } from "../route.ts";
import { addFormRoute, answerOnce, handOverSchema, uplinkOf, type WaitingQuery } from "./hand-over.ts";
import { BATCH_BODY, MOST_ITEMS } from "./operations.ts";
import { LONGEST_TEXT, linkProperties, parseItem, recordProperties } from "./record-items.ts";
import { type TermsBody, termsOf, termsSchema } from "./terms.ts";

const batchSchema = handOverSchema({
  summary: "Record many things at once",
  description:
    `Up to ${MOST_ITEMS}, packed into as few operations as fit, which are prepared for signing: sign each submission's ` +
    "`hash` and give the signatures to /submission-batches/{id}/signatures. Each item has a result of its own: one that " +
    "has a fault, stands there twice or is on record already is named and left out.",
  body: bodyOf(
    {
      account: termsSchema.account,
      deadlineBlocks: termsSchema.deadlineBlocks,
      items: {
        type: "array",
        items: { description: "As the body of POST /records, without the members that say how the operation is made" },
        minItems: 1,
        maxItems: MOST_ITEMS,
      },
    },
    ["account", "items"],
  ),
  answer: newBatchSchema,
});

/** POST /records, /record-batches and /object-links */
export const handOverRecordsRoute: AddRoute = (server, context) => {
  addFormRoute<RecordRequest & { mode?: "operation" | "batch" }>(server, context, {
    path: "/records",
    summary: "Record data, or its digest",
    description:
      "Give exactly one of `data`, `bytes` and `digest`. In mode `batch` the record is taken to be anchored with others: the " +
      "answer says where it stands, as GET /batch-records/{id} does, and no operation is prepared.",
    properties: {
      ...recordProperties,
      mode: {
        ...oneOf(["operation", "batch"]),
        description: "`operation`, the default: by an operation of its own. `batch`: anchored with many others",
      },
    },
    otherAnswer: batchRecordSchema,
    form: ({ book }, { account }, body) => recordForm(book, account, pick(body, recordProperties)),
    async otherwise(request, { account, ...terms }, body) {
      if (body.mode !== "batch") return undefined;
      return takeOne(context, callerOf(request), account, terms, pick(body, recordProperties));
    },
  });

  addFormRoute<ObjectLinkRequest>(server, context, {
    path: "/object-links",
    summary: "Add a record to an object's chain",
    description:
      "The object is named by its identifier, or by its key where it is the account's own; with its key it is opened " +
      "when it is not there yet. Links are added one after another: wait for one's end before the next.",
    properties: {
      ...linkProperties,
      object: given.hash("Identifier of the object"),
      objectKey: {
        type: "string",
        minLength: 1,
        maxLength: LONGEST_TEXT,
        description: "Key of an object of one's own",
      },
      previous: given.hash(
        "Digest of the link before it, zeros for the first; by default the last one that is indexed",
      ),
    },
    form: ({ book }, { account }, body) => {
      const { object, objectKey, previous } = body;
      return objectLinkForm(context.db, book, account, { ...pick(body, linkProperties), object, objectKey, previous });
    },
  });

  type BatchBody = Pick<TermsBody, "account" | "deadlineBlocks"> & { items: unknown[] };
  server.post<{ Body: BatchBody; Querystring: WaitingQuery }>(
    "/record-batches",
    { schema: batchSchema, bodyLimit: BATCH_BODY },
    async (request, reply) => {
      const { submissions, book } = uplinkOf(context);
      return answerOnce(context, request, reply, async () => {
        const { items, ...rest } = request.body;
        const terms = await termsOf(context.db, rest);
        const planned = await planRecords(submissions, book, callerOf(request), terms, items, parseItem);
        return async (tx) => {
          const { stored, rows } = await storeBatch(tx, submissions, planned);
          return { status: 201, text: JSON.stringify(showNewBatch(stored, rows)), subject: stored.batch.id };
        };
      });
    },
  );
};

function pick<Body extends object>(body: Body, properties: Readonly<Record<string, Schema>>): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => Object.hasOwn(properties, name))) as Body;
}

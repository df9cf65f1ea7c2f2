import { BropError } from "../../../core/errors.ts";
import { type BatchRow, countItems, findBatch, ITEM_ORDER, listItems } from "../../../store/queries/uplink/batches.ts";
import { BATCH_ID, SUBMISSION_ID } from "../../../uplink/identifiers.ts";
import { callerOf, SUBMITTERS } from "../../access/submitters.ts";
import type { ApiContext } from "../../context.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../../paging.ts";
import { bodyOf, described, flag, listOf, nullable, objectOf, pageSchema, text } from "../../schema.ts";
import { batchResultSchema, batchSchema, showBatch, showBatchResult } from "../../shapes/submission.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import { answerOnce, handOverSchema, uplinkOf, type WaitingQuery } from "./hand-over.ts";
import { BATCH_BODY, MOST_ITEMS } from "./operations.ts";
import { termsSchema } from "./terms.ts";

const params = { id: { type: "string", pattern: BATCH_ID, description: "Identifier of the batch" } };
const common = { tag: "uplink", access: SUBMITTERS, params } as const;
const path = "/submission-batches/:id";

const schemas = {
  one: routeSchema({ ...common, summary: "A batch: how many items stand in which state", answer: batchSchema }),
  items: routeSchema({
    ...common,
    summary: "What became of each item of a batch, in the order of the request",
    query: { failed: described(flag, "Only those that were refused, expired or did nothing"), ...paging },
    answer: pageSchema(batchResultSchema),
  }),
  sign: {
    ...handOverSchema({
      summary: "Give the prepared operations of a batch their signatures",
      description:
        "Each has a result of its own: a wrong one does not touch the others, and its submission goes on waiting.",
      body: bodyOf(
        {
          signatures: {
            type: "array",
            minItems: 1,
            maxItems: MOST_ITEMS,
            items: bodyOf(
              { submission: { type: "string", pattern: SUBMISSION_ID }, signature: termsSchema.signature },
              ["submission", "signature"],
            ),
          },
        },
        ["signatures"],
      ),
      answer: objectOf({
        results: listOf(
          objectOf({
            submission: text,
            state: nullable(text),
            problem: nullable({ type: "object", additionalProperties: true, description: "Why it was not taken" }),
          }),
        ),
      }),
    }),
    params: bodyOf(params, ["id"]),
  },
};

interface Named {
  Params: { id: string };
}

/** GET /submission-batches/:id and its /items, POST of its /signatures */
export const submissionBatchesRoute: AddRoute = (server, context) => {
  const { db } = context;
  server.get<Named>(path, { schema: schemas.one }, async (request) => {
    const batch = await ownBatch(context, callerOf(request).tenant, request.params.id);
    return showBatch(batch, await countItems(db, batch.id));
  });

  server.get<Named & { Querystring: PagingQuery & { failed?: boolean } }>(
    `${path}/items`,
    { schema: schemas.items },
    async (request) => {
      const { id } = await ownBatch(context, callerOf(request).tenant, request.params.id);
      const page = pageRequest(request.query, ITEM_ORDER);
      return pageAnswer(await listItems(db, id, request.query.failed ?? false, page), showBatchResult);
    },
  );

  type Signatures = { signatures: { submission: string; signature: string }[] };
  server.post<Named & { Body: Signatures; Querystring: WaitingQuery }>(
    `${path}/signatures`,
    { schema: schemas.sign, bodyLimit: BATCH_BODY },
    async (request, reply) => {
      const { submissions } = uplinkOf(context);
      const caller = callerOf(request);
      return answerOnce(context, request, reply, async () => {
        const { id } = await ownBatch(context, caller.tenant, request.params.id);
        const { signatures } = request.body;
        const given = signatures.map(({ submission, signature }) => ({
          id: submission,
          signature: signature.toLowerCase(),
        }));
        const checked = await submissions.checkSignatures(caller, given);
        return async (tx) => {
          const results: { submission: string; state: string | null; problem: object | null }[] = [];
          for (const one of checked) {
            const { id: submission, fault } = one;
            const now = fault === undefined ? await submissions.storeSignature(tx, one.row, one.operation) : one.row;
            results.push({ submission, state: now?.state ?? null, problem: fault?.toProblem() ?? null });
          }
          return { status: 201, text: JSON.stringify({ results }), subject: id };
        };
      });
    },
  );
};

/** @throws BropError `resource.not-found`, also for one of somebody else */
async function ownBatch({ db }: ApiContext, tenant: string, id: string): Promise<BatchRow> {
  const batch = await findBatch(db, tenant, id);
  if (batch === undefined) throw new BropError("resource.not-found", { batch: id });
  return batch;
}

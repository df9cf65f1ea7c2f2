import {
  findSubmission,
  listSubmissions,
  SUBMISSION_ORDER,
  SUBMISSION_STATES,
} from "../../../store/queries/uplink/submissions.ts";
import { BATCH_ID, SUBMISSION_ID } from "../../../uplink/identifiers.ts";
import type { CheckedSignature } from "../../../uplink/submissions.ts";
import { callerOf, SUBMITTERS } from "../../access/submitters.ts";
import { found, optionalAccount, optionalBytes } from "../../lookup.ts";
import { type PagingQuery, pageAnswer, pageRequest, paging } from "../../paging.ts";
import { bodyOf, given, oneOf, pageSchema } from "../../schema.ts";
import {
  showSubmission,
  showWholeSubmission,
  submissionSchema,
  wholeSubmissionSchema,
} from "../../shapes/submission.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import { answerOnce, ended, handOverSchema, uplinkOf, type WaitingQuery, waiting } from "./hand-over.ts";
import { termsSchema } from "./terms.ts";

const params = { id: { type: "string", pattern: SUBMISSION_ID, description: "Identifier of the submission" } };
const common = { tag: "uplink", access: SUBMITTERS } as const;

const schemas = {
  list: routeSchema({
    ...common,
    summary: "What was handed over, newest first",
    query: {
      state: oneOf(SUBMISSION_STATES),
      kind: { type: "string", pattern: "^[a-z-]{1,40}$", description: "The form in which it was handed over" },
      account: given.account("Account that acts"),
      hash: given.hash("Hash of the operation"),
      batch: { type: "string", pattern: BATCH_ID, description: "Identifier of the batch that it is part of" },
      ...paging,
    },
    answer: pageSchema(submissionSchema),
  }),
  one: routeSchema({
    ...common,
    summary: "One submission: where it stands, or how it ended",
    params,
    query: waiting,
    answer: wholeSubmissionSchema,
    mayBePending: true,
  }),
  sign: {
    ...handOverSchema({
      summary: "Give a prepared operation its signature",
      description: "A wrong one is refused, and the submission goes on waiting.",
      body: bodyOf({ signature: termsSchema.signature }, ["signature"]),
    }),
    params: bodyOf(params, ["id"]),
  },
};

interface Question {
  Querystring: PagingQuery & {
    state?: (typeof SUBMISSION_STATES)[number];
    kind?: string;
    account?: string;
    hash?: string;
    batch?: string;
  };
}

/** GET /submissions, GET /submissions/:id, POST /submissions/:id/signature */
export const submissionsRoute: AddRoute = (server, context) => {
  const { db } = context;
  server.get<Question>("/submissions", { schema: schemas.list }, async (request) => {
    const { state, kind, batch, account, hash } = request.query;
    const filter = { state, kind, batch, account: await optionalAccount(db, account), hash: optionalBytes(hash) };
    const page = pageRequest(request.query, SUBMISSION_ORDER);
    return pageAnswer(await listSubmissions(db, callerOf(request).tenant, filter, page), showSubmission);
  });

  server.get<{ Params: { id: string }; Querystring: WaitingQuery }>(
    "/submissions/:id",
    { schema: schemas.one },
    async (request, reply) => {
      const { id } = request.params;
      found(await findSubmission(db, callerOf(request).tenant, id), "submission", id);
      const uplink = uplinkOf(context);
      const row = await ended(uplink, request, reply, id);
      const pending = request.query.wait !== undefined && row.endedAt === null;
      return reply.code(pending ? 202 : 200).send(showWholeSubmission(row, uplink.submissions.chainId));
    },
  );

  server.post<{ Params: { id: string }; Body: { signature: string }; Querystring: WaitingQuery }>(
    "/submissions/:id/signature",
    { schema: schemas.sign },
    async (request, reply) => {
      const { submissions } = uplinkOf(context);
      return answerOnce(context, request, reply, async () => {
        const signature = request.body.signature.toLowerCase();
        const given = [{ id: request.params.id, signature }];
        const [checked] = (await submissions.checkSignatures(callerOf(request), given)) as [CheckedSignature];
        if (checked.fault !== undefined) throw checked.fault;
        return async (tx) => {
          const row = await submissions.storeSignature(tx, checked.row, checked.operation);
          const text = JSON.stringify(showWholeSubmission(row, submissions.chainId));
          return { status: 201, text, subject: row.id };
        };
      });
    },
  );
};

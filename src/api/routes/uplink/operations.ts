import { BropError } from "../../../core/errors.ts";
import { type CallRequest, callsOf } from "../../../uplink/forms/contract-call.ts";
import { planOperations, storeBatch } from "../../../uplink/operation-batch.ts";
import { made } from "../../../uplink/prepare.ts";
import { parseSigned } from "../../../uplink/submissions.ts";
import { callerOf } from "../../access/submitters.ts";
import { bodyOf, type Schema } from "../../schema.ts";
import { newBatchSchema, showNewBatch } from "../../shapes/submission.ts";
import type { AddRoute } from "../route.ts";
import { answerOnce, handOverSchema, storing, uplinkOf, type WaitingQuery } from "./hand-over.ts";
import { type TermsBody, termsOf, termsSchema } from "./terms.ts";

const MOST_CALLS = 200;
export const MOST_ITEMS = 10_000;
/** Bytes of a request with many items. */
export const BATCH_BODY = 32 * 1_048_576;

const operation: Schema = {
  type: "object",
  additionalProperties: true,
  description: "A signed user operation in the form of JSON-RPC (ERC-7769), with a random serial as its nonce",
};

const callSchema = bodyOf({
  contract: {
    type: "string",
    minLength: 1,
    maxLength: 64,
    description: "Name in Directory, `Account` for the account itself, or a voucher's address",
  },
  function: {
    type: "string",
    minLength: 1,
    maxLength: 500,
    description: "Name, or with its types where there are several",
  },
  arguments: {
    type: ["array", "object"],
    description: "In their order, or by their names. Numbers beyond 2^53 as decimal digits, bytes as 0x and digits",
  },
  to: { type: "string", maxLength: 42, description: "Instead of contract and function: address to call" },
  data: { type: "string", maxLength: 220_002, description: "Call data for it" },
});

const schemas = {
  one: handOverSchema({
    summary: "Have an operation of an account brought onto the chain",
    description:
      "Calls by contract and function or as bytes, all or none of them. Without a signature the operation is prepared: " +
      "sign `hash` or `typedData` and give the signature to /submissions/{id}/signature. An operation that was made and " +
      "signed elsewhere goes in as `operation`, alone.",
    body: bodyOf({
      ...termsSchema,
      calls: { type: "array", items: callSchema, minItems: 1, maxItems: MOST_CALLS },
      operation,
    }),
  }),
  many: handOverSchema({
    summary: "Have many signed operations brought onto the chain",
    description: `Up to ${MOST_ITEMS}, each with a result of its own: one that has a fault does not touch the others.`,
    body: bodyOf(
      {
        operations: {
          type: "array",
          items: { description: "A signed user operation in the form of JSON-RPC (ERC-7769)" },
          minItems: 1,
          maxItems: MOST_ITEMS,
        },
      },
      ["operations"],
    ),
    answer: newBatchSchema,
  }),
};

type OneBody = Partial<TermsBody> & { calls?: CallRequest[]; operation?: Record<string, unknown> };

/** POST /operations and /operations/batch */
export const handOverOperationsRoute: AddRoute = (server, context) => {
  server.post<{ Body: OneBody; Querystring: WaitingQuery }>(
    "/operations",
    { schema: schemas.one },
    async (request, reply) => {
      const uplink = uplinkOf(context);
      const { submissions, book } = uplink;
      const { operation: given, calls, account, ...terms } = request.body;
      const caller = callerOf(request);
      return answerOnce(context, request, reply, async () => {
        if (given !== undefined) {
          if (Object.keys(request.body).length > 1) throw notBoth();
          const one = made(parseSigned(given), submissions.chainId);
          if (!one.signed)
            throw new BropError("request.invalid", { field: "operation/signature", reason: "is missing" });
          const [fault] = await submissions.faults(caller, [one], await submissions.check.head());
          if (fault !== undefined) throw fault;
          return storing(uplink, { caller, kind: "operation", content: {}, made: one });
        }
        if (calls === undefined || account === undefined) throw notBoth();
        const form = { kind: "operation", calls: await callsOf(book, calls), content: {} };
        const checked = await termsOf(context.db, { account, ...terms });
        return storing(uplink, await submissions.plan(caller, form, checked));
      });
    },
  );

  server.post<{ Body: { operations: unknown[] }; Querystring: WaitingQuery }>(
    "/operations/batch",
    { schema: schemas.many, bodyLimit: BATCH_BODY },
    async (request, reply) => {
      const { submissions } = uplinkOf(context);
      return answerOnce(context, request, reply, async () => {
        const planned = await planOperations(submissions, callerOf(request), request.body.operations);
        return async (tx) => {
          const { stored, rows } = await storeBatch(tx, submissions, planned);
          return { status: 201, text: JSON.stringify(showNewBatch(stored, rows)), subject: stored.batch.id };
        };
      });
    },
  );
};

function notBoth(): BropError {
  const reason = "give `operation` alone, or `account` and `calls`";
  return new BropError("request.invalid", { field: "operation", reason });
}

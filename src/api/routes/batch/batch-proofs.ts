import { getAddress } from "ethers";
import { batchRecordId } from "../../../core/batch/identifiers.ts";
import { readRecord } from "../../../core/batch/serialised-records.ts";
import { BropError } from "../../../core/errors.ts";
import type { StoredRecord } from "../../../store/queries/batch/records.ts";
import type { SealedBatch } from "../../../store/queries/batch/sealed.ts";
import { BatchPaths } from "../../../uplink/batch/batch-paths.ts";
import type { ApiContext } from "../../context.ts";
import { toTime } from "../../format.ts";
import { listOf, objectOf } from "../../schema.ts";
import { batchMultiProofSchema, batchProofSchema, indexOf } from "../../shapes/batch.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import { recordParams, standing, storedRecord } from "./batch-records.ts";

const common = { tag: "evidence", access: "public" } as const;
/** Records of one question: their identifiers stand in the path. */
const MOST_RECORDS = 200;

const schemas = {
  one: routeSchema({
    ...common,
    summary: "Proof that a record is in an anchored batch",
    description:
      "Made from the kept levels of the tree. `BatchAnchors.verify(anchor, index, input, path)` checks it on chain, " +
      "`verifyBatchPath` of the SDK's core off it. Before the batch is anchored the answer is 409 with the block by which " +
      "it is expected.",
    params: recordParams,
    answer: batchProofSchema,
  }),
  many: routeSchema({
    ...common,
    summary: "Proofs of many records, one for each batch that they are in",
    description: `Up to ${MOST_RECORDS} records. \`verifyBatchMultiPath\` of the SDK's core checks a proof.`,
    query: {
      records: {
        type: "string",
        minLength: 1,
        maxLength: 50 * MOST_RECORDS,
        description: "Identifiers with commas between them",
        examples: ["portion_0123456789abcdef01234567.17,portion_0123456789abcdef01234567.18"],
      },
    },
    answer: objectOf({ proofs: listOf(batchMultiProofSchema) }),
  }),
};

interface Anchored {
  stored: StoredRecord;
  index: number;
  batch: SealedBatch;
}

/** GET /batch-records/:id/proof and GET /batch-proofs */
export const batchProofsRoute: AddRoute = (server, context) => {
  const paths = new BatchPaths(context.db);
  server.get<{ Params: { id: string } }>("/batch-records/:id/proof", { schema: schemas.one }, async ({ params }) => {
    const { stored, index, batch } = await anchored(context, params.id);
    const { leaf, path } = await paths.path(batch, index);
    return {
      record: params.id,
      ...commitmentOf(batch),
      ...{ index, leaf, path, input: readRecord(stored.record, 0) },
      ...anchoringOf(batch),
    };
  });

  server.get<{ Querystring: { records?: string } }>("/batch-proofs", { schema: schemas.many }, async ({ query }) => {
    const ids = [...new Set((query.records ?? "").split(",").filter((id) => id !== ""))];
    if (ids.length === 0 || ids.length > MOST_RECORDS) {
      throw new BropError("request.invalid", { field: "records", given: ids.length, most: MOST_RECORDS });
    }
    const all = await Promise.all(ids.map((id) => anchored(context, id)));
    const batches = [...Map.groupBy(all, ({ batch }) => batch.id).values()];
    return { proofs: await Promise.all(batches.map((members) => prove(paths, members))) };
  });
};

async function prove(paths: BatchPaths, members: readonly Anchored[]) {
  const [{ batch }] = members as [Anchored];
  // The same records again, in the same batch, are one leaf.
  const byIndex = new Map(members.map((member) => [member.index, member]));
  const indices = [...byIndex.keys()].sort((a, b) => a - b);
  const { leaves, nodes } = await paths.multiPath(batch, indices);
  const named = leaves.map(({ index, leaf }) => {
    const { portion, position } = (byIndex.get(index) as Anchored).stored;
    return { record: batchRecordId(portion.id, position), index, leaf };
  });
  return { ...commitmentOf(batch), leaves: named, nodes, ...anchoringOf(batch) };
}

/** @throws BropError `resource.not-found`; `batch.not-anchored` with the block by which it is expected */
export async function anchored(context: ApiContext, id: string): Promise<Anchored> {
  const stored = await storedRecord(context, id);
  const { state, batch, expectedBlock } = await standing(context, stored);
  const index = indexOf(stored);
  if (state === "anchored" && batch !== undefined && index !== null) return { stored, index, batch };
  const submission = batch?.submission ?? null;
  throw new BropError("batch.not-anchored", { record: id, state, expectedBlock, submission });
}

const commitmentOf = ({ account, anchor, root, recordCount }: SealedBatch) => ({
  ...{ owner: getAddress(account), anchor, root, length: recordCount },
});

const anchoringOf = ({ anchoredBlock, anchoredAt, transactionHash }: SealedBatch) => ({
  ...{ anchoredBlock, anchoredAt: toTime(anchoredAt ?? 0), transactionHash },
});

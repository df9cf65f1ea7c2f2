import { readRecord } from "../../../core/batch/serialised-records.ts";
import { hexToBytes } from "../../../core/hex.ts";
import { findAnchor } from "../../../store/queries/batch/anchor.ts";
import { BatchPaths } from "../../../uplink/batch/batch-paths.ts";
import { found } from "../../lookup.ts";
import { anchored } from "../batch/batch-proofs.ts";
import { recordParams } from "../batch/batch-records.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import {
  answerBundle,
  type BundleQuery,
  bundleQuery,
  bundleSchema,
  positionOf,
  responsibleOf,
} from "./bundle-answer.ts";

const schema = routeSchema({
  summary: "A file that proves a record of a batch to anybody, without a node",
  description:
    "As the bundle of a record of its own; the event is that of the batch's anchor, and the record's path to the anchored " +
    "root is beside it. Before the batch is anchored the answer is 409 `batch.not-anchored` with the block by which it is " +
    "expected.",
  access: "public",
  tag: "evidence",
  params: recordParams,
  query: bundleQuery,
  answer: bundleSchema,
});

/** GET /batch-records/:id/bundle */
export const batchRecordBundleRoute: AddRoute = (server, context) => {
  const paths = new BatchPaths(context.db);
  server.get<{ Params: { id: string }; Querystring: BundleQuery }>(
    "/batch-records/:id/bundle",
    { schema },
    async ({ params: { id }, query }, reply) => {
      const { stored, index, batch } = await anchored(context, id);
      const anchor = found(await findAnchor(context.db, hexToBytes(batch.anchor)), "batch", batch.anchor);
      const { path } = await paths.path(batch, index);
      const claim = {
        ...{ kind: "batch-record" as const, at: positionOf(anchor), owner: batch.account },
        ...{ responsible: responsibleOf(anchor.responsible), record: readRecord(stored.record, 0) },
        ...{ root: batch.root, index, count: batch.recordCount, branch: path },
      };
      return answerBundle(context, reply, query, { claim, name: `record-${id.slice("portion_".length)}` });
    },
  );
};

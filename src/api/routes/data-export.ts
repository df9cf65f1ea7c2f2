import { Readable } from "node:stream";
import { csv, ndjson } from "../../retrieval/export.ts";
import { DATA_OWNERS } from "../access/data-owners.ts";
import { principalOf, tenantOf } from "../access/principal.ts";
import { oneOf, text } from "../schema.ts";
import { rowText, schemaName } from "../shapes/data.ts";
import { parseWhere, whereText } from "./data-queries.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const TYPES = {
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson; charset=utf-8",
} as const;
/** Milliseconds without a byte taken after which a reader is given up. */
const PATIENCE = 120_000;

const schema = routeSchema({
  tag: "data",
  access: DATA_OWNERS,
  params: { schema: schemaName },
  query: {
    format: { ...oneOf(["csv", "ndjson"]), default: "csv", description: "CSV (RFC 4180), or a JSON text a line" },
    where: whereText,
  },
  summary: "All rows of business data as a stream",
  description:
    "The rows of this moment, in the order in which they came, read as fast as they are taken. In CSV a text that a " +
    "spreadsheet would compute has an apostrophe in front.",
  answer: { content: { "text/csv": { schema: text }, "application/x-ndjson": { schema: text } } },
});

type Asked = { Params: { schema: string }; Querystring: { format: keyof typeof TYPES; where?: string } };

/** GET /data/:schema/export */
export const dataExportRoute: AddRoute = (server, { retrieval }) => {
  // To answer a HEAD request all rows would be read.
  server.get<Asked>("/data/:schema/export", { schema, exposeHeadRoute: false }, async (request, reply) => {
    const { format, where } = request.query;
    const query = { where: parseWhere(where) };
    const { source, rows } = await retrieval.export(tenantOf(principalOf(request)), request.params.schema, query);
    const lines = format === "csv" ? csv(source, rows) : ndjson(rows, rowText);
    request.raw.socket?.setTimeout?.(PATIENCE, () => request.raw.destroy());
    return reply
      .type(TYPES[format])
      .header("content-disposition", `attachment; filename="export.${format}"`)
      .header("cache-control", "no-store")
      .send(Readable.from(lines, { objectMode: false, highWaterMark: 65_536 }));
  });
};

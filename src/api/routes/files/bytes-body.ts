import type { Schema } from "../../schema.ts";

/** A body that is a file, of whatever type. */
export function bytesBody(mediaType: string): Schema {
  return { content: { [mediaType]: { schema: { description: "The bytes, as they are" } } } };
}

/** An answer that is a file. */
export const bytesAnswer: Schema = {
  content: { "application/octet-stream": { schema: { type: "string", description: "The bytes, as they are" } } },
};

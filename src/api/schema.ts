/** JSON schema as OpenAPI 3.1 uses it. */
export type Schema = Readonly<Record<string, unknown>>;

/** An object of exactly these members, all of them there. */
export function objectOf(properties: Readonly<Record<string, Schema>>, description?: string): Schema {
  return {
    type: "object",
    ...(description === undefined ? {} : { description }),
    required: Object.keys(properties),
    additionalProperties: false,
    properties,
  };
}

/** The body of a request: an object of these members and no others. */
export function bodyOf(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: "object", additionalProperties: false, required, properties };
}

/** Parameters of which none is required and no other is known. */
export function parametersOf(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: "object", additionalProperties: false, properties };
}

export function listOf(items: Schema, description?: string): Schema {
  return { type: "array", items, ...(description === undefined ? {} : { description }) };
}

export function nullable(schema: Schema): Schema {
  return { ...schema, type: [schema.type, "null"] };
}

export function described(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

export const text: Schema = { type: "string" };
export const flag: Schema = { type: "boolean" };
export const whole: Schema = { type: "integer" };
export const blockNumber: Schema = { type: "integer", description: "Block number" };
export const time: Schema = { type: "string", description: "ISO 8601 (UTC), from the block's timestamp" };
export const amount: Schema = { type: "string", pattern: "^[0-9]+$", description: "Base units, decimal digits" };
export const address: Schema = { type: "string", description: "Address with its ERC-55 checksum" };
export const hash: Schema = { type: "string", description: "32 bytes, 0x and 64 hexadecimal digits" };
export const bytes: Schema = { type: "string", description: "0x and hexadecimal digits" };
export const oneOf = (values: readonly string[]): Schema => ({ type: "string", enum: values });

/** A page of a list. */
export function pageSchema(items: Schema): Schema {
  return objectOf({
    items: listOf(items),
    next: nullable({ type: "string", description: "Give it as `cursor` to get the next page; null on the last one" }),
  });
}

export const HASH_PATTERN = "^0x[0-9a-fA-F]{64}$";

export const given = {
  hash: (description: string): Schema => ({ type: "string", pattern: HASH_PATTERN, description }),
  account: (description: string): Schema => ({
    type: "string",
    minLength: 1,
    maxLength: 64,
    description: `${description}: address or printed account ID`,
  }),
  address: (description: string): Schema => ({ type: "string", pattern: "^0x[0-9a-fA-F]{40}$", description }),
  number: (description: string): Schema => ({
    type: "integer",
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description,
  }),
};

/** `?at=` of every question that can be asked about the past. */
export const at: Readonly<Record<string, Schema>> = {
  at: given.number("Answer as of the end of this block; without it, as of the newest indexed block"),
};

import { bytesToHex } from "../core/hex.ts";
import type { SchemaRow } from "../store/queries/retrieval/schemas.ts";
import { type CompiledSchema, compileSchema } from "./json-schema.ts";

const KEPT = 200;

/** Compiled schemas by their digest; those of late are kept. */
export class Validators {
  readonly #compiled = new Map<string, CompiledSchema>();

  of({ digest, document }: Pick<SchemaRow, "digest" | "document">): CompiledSchema {
    const key = bytesToHex(digest);
    const compiled = this.#compiled.get(key) ?? compileSchema(JSON.parse(document));
    this.#compiled.delete(key);
    this.#compiled.set(key, compiled);
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size > KEPT && oldest !== undefined) this.#compiled.delete(oldest);
    return compiled;
  }
}

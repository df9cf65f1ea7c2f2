import { type PGlite, parse, protocol } from "@electric-sql/pglite";

const { serialize } = protocol;
/** Statements whose parameters are remembered. */
const MOST_KNOWN = 5_000;

/**
 * Runs statements with parameters on the embedded database, each in one exchange. PGlite's own `query` needs six, which
 * take longer than most statements. Nothing keeps others out meanwhile: that is for the caller.
 */
export class PgliteStatements {
  readonly #engine: PGlite;
  /** Types of the parameters by the statement's text. Another type after a migration has the same text form. */
  readonly #types = new Map<string, readonly number[]>();

  constructor(engine: PGlite) {
    this.#engine = engine;
  }

  /** @param lasts whether the disk has to have it when this ends: not inside of a transaction */
  async run<Row>(text: string, params: readonly unknown[], lasts: boolean): Promise<Row[]> {
    const values = params.length === 0 ? [] : await this.#serialised(text, params);
    const exchange = [
      ...[serialize.parse({ text }), serialize.bind({ values }), serialize.describe({ type: "P" })],
      ...[serialize.execute({}), serialize.sync()],
    ];
    const { messages } = await this.#engine.execProtocol(Buffer.concat(exchange), { syncToFs: lasts });
    return (parse.parseResults(messages, this.#engine.parsers)[0]?.rows ?? []) as Row[];
  }

  async #serialised(text: string, params: readonly unknown[]): Promise<(string | null)[]> {
    const types = this.#types.get(text) ?? (await this.#describe(text));
    const { serializers } = this.#engine;
    return params.map((value, place) => {
      if (value === null || value === undefined) return null;
      const serializer = serializers[types[place] as number];
      return serializer === undefined ? String(value) : serializer(value);
    });
  }

  async #describe(text: string): Promise<readonly number[]> {
    const exchange = [serialize.parse({ text }), serialize.describe({ type: "S" }), serialize.sync()];
    const { messages } = await this.#engine.execProtocol(Buffer.concat(exchange), { syncToFs: false });
    const types = parse.parseDescribeStatementResults(messages);
    if (this.#types.size >= MOST_KNOWN) this.#types.clear();
    this.#types.set(text, types);
    return types;
  }
}

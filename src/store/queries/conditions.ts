/** Collects the conditions and parameters of one statement. */
export class Conditions {
  readonly parameters: unknown[] = [];
  readonly #clauses: string[] = [];

  /** Notes a parameter. @returns its place, `$1` and so on */
  parameter(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  /** Adds a condition; each `?` in it stands for one of the values. */
  add(clause: string, ...values: unknown[]): this {
    let next = 0;
    this.#clauses.push(clause.replace(/\?/g, () => this.parameter(values[next++])));
    return this;
  }

  /** Adds `column = value` unless there is no value. */
  equal(column: string, value: unknown): this {
    return value === undefined ? this : this.add(`${column} = ?`, value);
  }

  /** Adds: the version of a versioned table's row that held at the end of block `at`; without one, the current one. */
  version(table: string, at: number | undefined): this {
    this.#clauses.push(this.versionOf(table, at));
    return this;
  }

  /** The condition that `version` adds, for a join. */
  versionOf(table: string, at: number | undefined): string {
    if (at === undefined) return `${table}.to_block is null`;
    const block = this.parameter(at);
    return `${table}.from_block <= ${block} and (${table}.to_block is null or ${table}.to_block > ${block})`;
  }

  /** Adds: what had happened by the end of block `at`. */
  happened(table: string, at: number | undefined): this {
    return at === undefined ? this : this.add(`${table}.block_number <= ?`, at);
  }

  /** ` where ...`, or nothing. */
  toString(): string {
    return this.#clauses.length === 0 ? "" : ` where ${this.#clauses.join(" and ")}`;
  }
}

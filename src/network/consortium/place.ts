import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Fault } from "./faults.ts";

/** Names and places in lists, from the whole file down. */
export type Path = readonly (string | number)[];

/** What the places of one file have in common. */
interface Source {
  resolve: (node: unknown) => Node | undefined;
  lines: LineCounter;
  faults: Fault[];
}

/**
 * One value of a YAML file, with its line. Reading a value that is not as it should be notes a fault and answers
 * undefined; so one reading finds every fault.
 */
export class Place {
  readonly path: Path;
  readonly line: number;
  readonly #node: Node | undefined;
  readonly #source: Source;

  constructor(source: Source, node: Node | undefined, path: Path, line: number) {
    this.#source = source;
    this.#node = node;
    this.path = path;
    this.line = line;
  }

  /** Whether there is anything. */
  get given(): boolean {
    return this.#node !== undefined && !(isScalar(this.#node) && this.#node.value === null);
  }

  fault(problem: string, remedy: string): undefined {
    this.#source.faults.push({ line: this.line, place: shown(this.path), problem, remedy });
    return undefined;
  }

  /**
   * The members of a mapping, by name.
   * @param known names that may be there
   */
  members<Name extends string>(known: readonly Name[]): Readonly<Record<Name, Place>> | undefined {
    const node = this.#node;
    if (!this.given) return this.fault("is missing", `give it as a mapping with ${known.join(", ")}`);
    if (!isMap(node)) return this.fault("is no mapping", `write it as a mapping with ${known.join(", ")}`);
    const places = Object.fromEntries(known.map((name) => [name, this.#child(undefined, name, this.line)]));
    for (const [name, child] of this.#children()) {
      if ((known as readonly string[]).includes(String(name))) places[name] = child;
      else child.fault("is not known here", unknownRemedy(String(name), known));
    }
    return places as Record<Name, Place>;
  }

  /** The place at a path below this one, or the nearest one above that which is there. */
  at(path: Path): Place {
    const [step, ...rest] = path;
    const child = step === undefined ? undefined : this.#children().get(step);
    return child === undefined || !child.given ? this : child.at(rest);
  }

  /** The entries of a list; none where it is not given. */
  entries(): Place[] {
    const node = this.#node;
    if (!this.given) return [];
    if (!isSeq(node)) {
      this.fault("is no list", "write one entry a line, each beginning with a hyphen");
      return [];
    }
    return [...this.#children().values()];
  }

  /** @param expected what it must be, in words */
  text(pattern: RegExp, expected: string): string | undefined {
    const value = this.#scalar();
    if (!this.given) return this.fault("is missing", `give ${expected}`);
    // A number that is meant as text, such as an address without quotes, has lost its digits already.
    if (typeof value === "number" && /^0x/i.test(this.#written())) {
      return this.fault("is a number to YAML", "put it into quotation marks");
    }
    if (typeof value === "string" && pattern.test(value)) return value;
    return this.fault(`is ${this.#words()}`, `give ${expected}`);
  }

  wholeNumber(least: number, most: number): number | undefined {
    const value = this.#scalar();
    const expected = `give a whole number from ${least} to ${most}`;
    if (!this.given) return this.fault("is missing", expected);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    return this.fault(`is ${this.#words()}`, expected);
  }

  /** Whether it is one plain value, and not a mapping or list. */
  get plain(): boolean {
    return isScalar(this.#node);
  }

  #children(): Map<string | number, Place> {
    const node = this.#node;
    const children = new Map<string | number, Place>();
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = String(isScalar(key) ? key.value : key);
        children.set(name, this.#child(this.#source.resolve(value), name, this.#lineOf(key) ?? this.line));
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const value = this.#source.resolve(item);
        children.set(index, this.#child(value, index, this.#lineOf(item) ?? this.line));
      }
    }
    return children;
  }

  #scalar(): unknown {
    return isScalar(this.#node) ? this.#node.value : undefined;
  }

  #written(): string {
    return isScalar(this.#node) ? (this.#node.source ?? "") : "";
  }

  #words(): string {
    if (isMap(this.#node)) return "a mapping";
    if (isSeq(this.#node)) return "a list";
    const value = JSON.stringify(this.#scalar());
    return value.length > 90 ? `${value.slice(0, 87)}…` : value;
  }

  #child(node: Node | undefined, key: string | number, line: number): Place {
    return new Place(this.#source, node, [...this.path, key], line);
  }

  #lineOf(node: unknown): number | undefined {
    const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
    return range ? this.#source.lines.linePos(range[0] ?? 0).line : undefined;
  }
}

/** Reads a YAML text; what is no YAML at all is among the faults already. */
export function readPlaces(text: string): { root: Place; faults: Fault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults: Fault[] = document.errors.map(({ pos, message }) => ({
    line: lines.linePos(pos[0]).line,
    place: "",
    problem: `is no valid YAML (${message})`,
    remedy: "correct the line",
  }));
  const resolve = (node: unknown) => (isAlias(node) ? node.resolve(document) : (node as Node | null)) ?? undefined;
  return { root: new Place({ resolve, lines, faults }, resolve(document.contents), [], 1), faults };
}

/** `["nodes", 1, "host"]` as `nodes[1].host`. */
export function shown(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}

function unknownRemedy(name: string, known: readonly string[]): string {
  const near = known.find((word) => distance(name.toLowerCase(), word.toLowerCase()) <= 2);
  return near === undefined ? `take it out; known are ${known.join(", ")}` : `write ${near}`;
}

/** Levenshtein's distance: single letters to change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

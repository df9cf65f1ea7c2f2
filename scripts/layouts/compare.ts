import type { Layout, Variable } from "./layout.ts";

/** What an upgrade from one layout to the other would do to what is stored. */
export interface Comparison {
  /** What would be read wrongly afterwards, in words. None: the upgrade is safe. */
  clashes: string[];
  /** Whether the later layout has something that the earlier one has not. */
  grown: boolean;
}

/**
 * Compares the layout that is in use with the one that is to follow it. Variables, members of structs in mappings and
 * values of enumerations may be added at the end; nothing may move, change its type, or go.
 */
export function compareLayouts(before: Layout, after: Layout): Comparison {
  const comparer = new Comparer(before, after);
  comparer.variables("", before.storage, after.storage);
  for (const [namespace, members] of Object.entries(before.namespaces ?? {})) {
    comparer.members(namespace, members, after.namespaces?.[namespace] ?? []);
  }
  if (Object.keys(after.namespaces ?? {}).some((name) => before.namespaces?.[name] === undefined)) comparer.grow();
  return { clashes: [...comparer.clashes], grown: comparer.grown };
}

class Comparer {
  readonly clashes = new Set<string>();
  grown = false;
  readonly #before: Layout;
  readonly #after: Layout;
  readonly #seen = new Set<string>();

  constructor(before: Layout, after: Layout) {
    this.#before = before;
    this.#after = after;
  }

  grow(): void {
    this.grown = true;
  }

  /** @param owner name of the struct, empty for the contract itself */
  variables(owner: string, before: readonly Variable[], after: readonly Variable[], inArray = false): void {
    const left = [...after];
    for (const variable of before) {
      const found = takeMatch(left, variable);
      if (found === undefined) {
        const heir = left.find((one) => isSamePlace(one, variable));
        const place = heir === undefined ? "" : `; ${heir.label} stands in its place`;
        this.#clash(owner, `${variable.label} (${placeOf(variable)}, ${variable.type}) is gone${place}`);
        continue;
      }
      if (!isSamePlace(found, variable)) {
        this.#clash(owner, `${variable.label} moved from ${placeOf(variable)} to ${placeOf(found)}`);
      }
      if (found.type !== variable.type) {
        this.#clash(owner, `${variable.label} was ${variable.type} and is ${found.type}`);
      } else this.#type(variable.type, inArray);
    }
    const last = before.at(-1);
    for (const added of left) {
      if (last === undefined || isAfter(added, last)) this.grow();
      else this.#clash(owner, `${added.label} was put in at ${placeOf(added)}: new ones go to the end`);
    }
  }

  /** Members of a struct at a place of its own, whose offsets the compiler does not tell. */
  members(owner: string, before: readonly Member[], after: readonly Member[]): void {
    for (const [index, { label, type }] of before.entries()) {
      const found = after[index];
      if (found?.label === label && found.type === type) continue;
      const now = found === undefined ? "is gone" : `became ${found.type} ${found.label}`;
      this.#clash(owner, `member ${index + 1}, ${type} ${label}, ${now}`);
    }
    if (after.length > before.length) this.grow();
  }

  /** Compares what a type's text names. Inside an array a type has to keep its size: the next element follows it. */
  #type(text: string, inArray: boolean): void {
    const array = inArray || text.includes("[");
    for (const [name, before] of Object.entries(this.#before.types)) {
      if (!names(text, name)) continue;
      const key = `${name} ${array}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      const after = this.#after.types[name];
      // A value type became something else of the same name: its text in the layout would have changed.
      if (after === undefined) continue;
      const resized = after.bytes !== before.bytes && (array || before.members === undefined);
      if (resized) this.#clash("", `${name} had ${before.bytes} bytes and has ${after.bytes}`);
      this.variables(name, before.members ?? [], after.members ?? [], array);
      this.#values(name, before.values ?? [], after.values ?? []);
    }
  }

  #values(owner: string, before: readonly string[], after: readonly string[]): void {
    for (const [index, value] of before.entries()) {
      if (after[index] === value) continue;
      this.#clash(owner, `value ${index} was ${value} and is ${after[index] ?? "gone"}`);
    }
    if (after.length > before.length) this.grow();
  }

  #clash(owner: string, words: string): void {
    this.clashes.add(owner === "" ? words : `${owner}: ${words}`);
  }
}

type Member = Pick<Variable, "label" | "type">;

/** Takes the variable's successor out of a list. Contracts may inherit private variables of one name. */
function takeMatch(variables: Variable[], { label, slot, offset }: Variable): Variable | undefined {
  const named = variables.filter((one) => one.label === label);
  const found = named.find((one) => isSamePlace(one, { slot, offset })) ?? named[0];
  if (found !== undefined) variables.splice(variables.indexOf(found), 1);
  return found;
}

type Place = Pick<Variable, "slot" | "offset">;

const isSamePlace = (a: Place, b: Place) => a.slot === b.slot && a.offset === b.offset;
const isAfter = (a: Place, b: Place) => a.slot > b.slot || (a.slot === b.slot && a.offset > b.offset);
const placeOf = ({ slot, offset }: Place) => (offset === 0 ? `slot ${slot}` : `slot ${slot}, byte ${offset}`);

/** Whether a type's text names another: `mapping(address => struct A.B)` names `struct A.B`, not `struct A.BC`. */
function names(text: string, name: string): boolean {
  const at = text.indexOf(name);
  if (at === -1) return false;
  const next = text[at + name.length] ?? "";
  return !/[\w.]/.test(next) || names(text.slice(at + 1), name);
}

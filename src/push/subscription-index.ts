import {
  type Condition,
  comparable,
  compileFilter,
  type EventFilter,
  type FilteredEvent,
  fieldOf,
} from "../core/event-filter.ts";

/** An event with the block that it stands in. */
export type PlacedEvent = FilteredEvent & { readonly block: number };

interface Entry {
  readonly id: string;
  /** What is before this block is not for it. */
  readonly firstBlock: number;
  readonly fits: (event: FilteredEvent) => boolean;
}

/** Entries that want a type, reached by the value of a field where they name one. */
interface Shelf {
  readonly byValue: Map<string, { path: readonly string[]; entries: Map<string, Set<Entry>> }>;
  readonly others: Set<Entry>;
}

interface Place {
  readonly type: string;
  readonly field: string | undefined;
  readonly values: readonly string[];
}

/**
 * Which of many subscriptions want an event. Most name a type and the value of a field (their own account, their own
 * voucher), so an event looks at few of them, however many there are.
 */
export class SubscriptionIndex {
  readonly #shelves = new Map<string, Shelf>();
  readonly #entries = new Map<string, { entry: Entry; filter: EventFilter }>();

  get size(): number {
    return this.#entries.size;
  }

  /** Adds a subscription, or gives one another filter. */
  set(id: string, filter: EventFilter, firstBlock = 0): void {
    this.delete(id);
    const entry = { id, firstBlock, fits: compileFilter(filter) };
    this.#entries.set(id, { entry, filter });
    for (const place of placesOf(filter)) this.#put(entry, place);
  }

  delete(id: string): void {
    const known = this.#entries.get(id);
    if (known === undefined) return;
    this.#entries.delete(id);
    for (const place of placesOf(known.filter)) this.#take(known.entry, place);
  }

  /** Identifiers of the subscriptions that an event fits. */
  matching(event: PlacedEvent): string[] {
    const found = new Set<string>();
    const look = (entry: Entry) => {
      if (!found.has(entry.id) && event.block >= entry.firstBlock && entry.fits(event)) found.add(entry.id);
    };
    for (const type of ["*", `${event.type.slice(0, event.type.indexOf("."))}.*`, event.type]) {
      const shelf = this.#shelves.get(type);
      if (shelf === undefined) continue;
      shelf.others.forEach(look);
      for (const { path, entries } of shelf.byValue.values()) {
        const value = fieldOf(event, path);
        if (value !== undefined) entries.get(comparable(value))?.forEach(look);
      }
    }
    return [...found];
  }

  #put(entry: Entry, { type, field, values }: Place): void {
    let shelf = this.#shelves.get(type);
    if (shelf === undefined) {
      shelf = { byValue: new Map(), others: new Set() };
      this.#shelves.set(type, shelf);
    }
    if (field === undefined) {
      shelf.others.add(entry);
      return;
    }
    let known = shelf.byValue.get(field);
    if (known === undefined) {
      known = { path: field.split("."), entries: new Map() };
      shelf.byValue.set(field, known);
    }
    for (const value of values) {
      const entries = known.entries.get(value);
      if (entries === undefined) known.entries.set(value, new Set([entry]));
      else entries.add(entry);
    }
  }

  #take(entry: Entry, { type, field, values }: Place): void {
    const shelf = this.#shelves.get(type);
    shelf?.others.delete(entry);
    const known = field === undefined ? undefined : shelf?.byValue.get(field);
    if (known === undefined || field === undefined) return;
    for (const value of values) {
      const entries = known.entries.get(value);
      entries?.delete(entry);
      if (entries?.size === 0) known.entries.delete(value);
    }
    if (known.entries.size === 0) shelf?.byValue.delete(field);
  }
}

/** Where a filter's entry stands: under each type that it names, by the field with the fewest values. */
function placesOf({ types = ["*"], where = {} }: EventFilter): Place[] {
  let field: string | undefined;
  let values: readonly string[] = [];
  for (const [name, condition] of Object.entries(where)) {
    const wanted = valuesOf(condition);
    if (wanted === undefined || (field !== undefined && wanted.length >= values.length)) continue;
    field = name;
    values = wanted;
  }
  return types.map((type) => ({ type, field, values }));
}

function valuesOf(condition: Condition): string[] | undefined {
  if (Array.isArray(condition)) return condition.map(comparable);
  return typeof condition === "object" && condition !== null ? undefined : [comparable(condition)];
}

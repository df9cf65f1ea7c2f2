import { expect } from "chai";
import fc from "fast-check";
import { compileFilter, type EventFilter, type FilteredEvent } from "../../src/core/event-filter.ts";
import { SubscriptionIndex } from "../../src/push/subscription-index.ts";

const types = fc.constantFrom("records.recorded", "records.revoked", "voucher.uri", "block.added");
const wanted = fc.oneof(types, fc.constantFrom("records.*", "voucher.*", "*"));
const value = fc.constantFrom("0xaa", "0xAA", "0xbb", 1, 2, "2", true);
const condition = fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }), fc.constant({ gte: 1 }));
const filters: fc.Arbitrary<EventFilter> = fc.record(
  {
    types: fc.array(wanted, { minLength: 1, maxLength: 3 }),
    where: fc.dictionary(fc.constantFrom("owner", "kind", "contract"), condition, { maxKeys: 2 }),
  },
  { requiredKeys: [] },
);
const events: fc.Arbitrary<FilteredEvent> = fc.record({
  type: types,
  contract: fc.constantFrom("0xaa", null),
  data: fc.dictionary(fc.constantFrom("owner", "kind"), value),
});

describe("the index of subscriptions", () => {
  it("finds exactly those whose filter an event fits, whatever was added, changed and removed", () => {
    const step = fc.record({ id: fc.constantFrom("a", "b", "c", "d"), filter: fc.option(filters) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.array(events, { maxLength: 8 }), (steps, said) => {
        const index = new SubscriptionIndex();
        const known = new Map<string, EventFilter>();
        for (const { id, filter } of steps) {
          if (filter === null) {
            index.delete(id);
            known.delete(id);
          } else {
            index.set(id, filter);
            known.set(id, filter);
          }
        }
        expect(index.size).to.equal(known.size);
        for (const event of said) {
          const expected = [...known].filter(([, filter]) => compileFilter(filter)(event)).map(([id]) => id);
          expect(index.matching({ ...event, block: 0 }).sort()).to.deep.equal(expected.sort());
        }
      }),
      { numRuns: 300 },
    );
  });
});

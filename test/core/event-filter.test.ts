import { expect } from "chai";
import { compileFilter, type FilteredEvent, parseEventFilter } from "../../src/core/event-filter.ts";

const CONTRACT = `0x${"ab".repeat(20)}`;
const EVENT: FilteredEvent = {
  type: "records.recorded",
  contract: CONTRACT,
  data: {
    owner: `0x${"cd".repeat(20)}`,
    amount: "340282366920938463463374607431768211455",
    kind: 7,
    flag: true,
    nested: { name: "Milk", count: "12" },
  },
};
const fits = (filter: unknown, event = EVENT) => compileFilter(parseEventFilter(filter))(event);

describe("an event filter", () => {
  it("lets everything through when it asks for nothing", () => {
    expect(fits(undefined)).to.equal(true);
    expect(fits({})).to.equal(true);
    expect(fits({ types: ["*"] })).to.equal(true);
  });

  it("knows types, and families of them", () => {
    expect(fits({ types: ["records.recorded"] })).to.equal(true);
    expect(fits({ types: ["block.added", "records.*"] })).to.equal(true);
    expect(fits({ types: ["records.revoked", "record.*"] })).to.equal(false);
  });

  it("compares text as it is and hexadecimal digits in any case", () => {
    expect(fits({ where: { owner: `0x${"CD".repeat(20)}` } })).to.equal(true);
    expect(fits({ where: { contract: CONTRACT.toUpperCase().replace("0X", "0x") } })).to.equal(true);
    expect(fits({ where: { "nested.name": "milk" } })).to.equal(false);
  });

  it("compares numbers by value, however they are written and however large", () => {
    expect(fits({ where: { kind: "7" } })).to.equal(true);
    expect(fits({ where: { kind: { gte: 7, lt: 8 } } })).to.equal(true);
    expect(fits({ where: { kind: { gt: 7 } } })).to.equal(false);
    expect(fits({ where: { kind: { lte: "10" } } })).to.equal(true);
    expect(fits({ where: { "nested.count": { gt: 9 } } })).to.equal(true);
    expect(fits({ where: { amount: { gt: "99999999999999999999" } } })).to.equal(true);
    expect(fits({ where: { amount: { gt: "340282366920938463463374607431768211455" } } })).to.equal(false);
  });

  it("takes one of several values, and beginnings", () => {
    expect(fits({ where: { kind: [5, 6, 7] } })).to.equal(true);
    expect(fits({ where: { kind: [5, 6] } })).to.equal(false);
    expect(fits({ where: { owner: { prefix: "0xCDCD" } } })).to.equal(true);
    expect(fits({ where: { flag: true } })).to.equal(true);
    expect(fits({ where: { flag: false } })).to.equal(false);
  });

  it("asks for every condition, and for fields that are there", () => {
    expect(fits({ where: { kind: 7, flag: true } })).to.equal(true);
    expect(fits({ where: { kind: 7, flag: false } })).to.equal(false);
    expect(fits({ where: { missing: "" } })).to.equal(false);
    expect(fits({ where: { "kind.more": 1 } })).to.equal(false);
    expect(fits({ where: { contract: CONTRACT } }, { ...EVENT, contract: null })).to.equal(false);
    expect(fits({ where: { contract: null } }, { ...EVENT, contract: null })).to.equal(true);
    // What every object inherits is no field.
    expect(fits({ where: { constructor: { prefix: "" } } })).to.equal(false);
  });

  for (const [name, filter, field] of [
    ["a text", "records.*", "filter"],
    ["a list", [], "filter"],
    ["an unknown member", { type: [] }, "filter.type"],
    ["no types", { types: [] }, "filter.types"],
    ["a type that is none", { types: ["Records.Recorded"] }, "filter.types"],
    ["101 types", { types: Array(101).fill("records.*") }, "filter.types"],
    ["conditions that are no object", { where: [] }, "filter.where"],
    ["a field that is no name", { where: { "a..b": 1 } }, "filter.where"],
    ["21 conditions", { where: Object.fromEntries([...Array(21).keys()].map((n) => [`f${n}`, n])) }, "filter.where"],
    ["an empty list of values", { where: { kind: [] } }, "filter.where.kind"],
    ["no bound", { where: { kind: {} } }, "filter.where.kind"],
    ["an unknown bound", { where: { kind: { like: "x" } } }, "filter.where.kind.like"],
    ["a bound that is no value", { where: { kind: { gte: null } } }, "filter.where.kind.gte"],
    ["a value that is an object in a list", { where: { kind: [{}] } }, "filter.where.kind"],
    ["a number with a fraction", { where: { kind: 1.5 } }, "filter.where.kind"],
    ["a text of 257 characters", { where: { kind: "x".repeat(257) } }, "filter.where.kind"],
  ] as const) {
    it(`refuses ${name} and names it`, () => {
      expect(() => parseEventFilter(filter))
        .to.throw()
        .with.nested.property("details.field", field);
    });
  }
});

import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import { compileSchema } from "../../src/retrieval/json-schema.ts";
import { linearExpression } from "../../src/retrieval/regular-expression.ts";

/** The error that something throws; undefined if it does not. */
function refusal(work: () => unknown): BropError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof BropError) return error;
    throw error;
  }
}

/** A container in a container, so many times. */
const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
};

const doubling = (levels: number) => {
  const named = Array.from({ length: levels }, (_, level) => {
    const next = { $ref: `#/$defs/a${level + 1}` };
    return [`a${level}`, { allOf: [next, next] }];
  });
  return { $ref: "#/$defs/a0", $defs: { ...Object.fromEntries(named), [`a${levels}`]: { type: "string" } } };
};

describe("JSON Schemas of others", () => {
  const refused: Record<string, unknown> = {
    "no object": [],
    true: true,
    "another dialect": { $schema: "http://json-schema.org/draft-07/schema#" },
    "a keyword with a wrong value": { type: "text" },
    "a reference to another place": { $ref: "https://example.com/schema.json" },
    "a reference to a file": { $ref: "file:///etc/passwd" },
    "a reference to a dialect": { $ref: "https://json-schema.org/draft/2020-12/schema" },
    "a reference to nothing": { $ref: "#/$defs/none" },
    "a reference to a member of every object": { $ref: "#/constructor" },
    "a reference that is no URI": { $ref: "#/%zz" },
    "a reference to itself": { $ref: "#" },
    "references in a circle": { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
    "a circle through properties": { properties: { child: { $ref: "#" } } },
    "references that double": doubling(40),
    "an identifier of its own": { $id: "https://example.com/" },
    "an anchor": { $anchor: "here" },
    "a dynamic reference": { $dynamicRef: "#meta" },
    "a pattern that looks back": { pattern: "(a)\\1" },
    "a pattern that looks ahead": { pattern: "(?=a)" },
    "a pattern in the names of properties": { patternProperties: { "(?<!a)": {} } },
    "a pattern without end": { pattern: "a".repeat(501) },
    "a count that takes all memory": { pattern: "((a{1,100}){1,100}){1,100}" },
    "comparing all with all": { uniqueItems: true },
    "too much": { description: "x".repeat(70_000) },
  };
  for (const [name, schema] of Object.entries(refused)) {
    it(`are refused with ${name}`, () => {
      const error = refusal(() => compileSchema(schema));
      expect(error?.code, name).to.be.oneOf(["schema.invalid", "request.invalid"]);
      expect(error?.details.reason ?? error?.details.at).to.be.a("string");
    });
  }

  it("are refused with a member that is the prototype's", () => {
    const schema = JSON.parse('{"properties": {"__proto__": {"type": "string"}}}');
    expect(refusal(() => compileSchema(schema))?.code).to.equal("request.invalid");
  });

  it("check members called like those of every object as any other", () => {
    const schema = { type: "object", required: ["toString"], properties: { constructor: { type: "string" } } };
    const { check } = compileSchema(schema);
    expect(refusal(() => check({ constructor: "text" }))?.details.at).to.equal("");
    expect(refusal(() => check({ toString: 1, constructor: 2 }))?.details.at).to.equal("/constructor");
    expect(refusal(() => check({ toString: 1 }))).to.equal(undefined);
  });

  it("check in time linear in a text what would take a backtracking engine for ever", () => {
    const text = `${"a".repeat(60_000)}!`;
    for (const pattern of ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*)*(.*)*(.*)*x", "^([a-zA-Z]+)*$"]) {
      expect(linearExpression(pattern).test(text), pattern).to.equal(false);
    }
  });

  it("understand patterns as JSON Schema writes them", () => {
    expect(linearExpression("^\\p{Script=Han}{2,4}$").test("铁观音")).to.equal(true);
    expect(linearExpression("^\\p{sc=Han}$").test("a")).to.equal(false);
    expect(linearExpression("\\d").test("no. 7")).to.equal(true);
    expect(linearExpression("^.$").test("😀")).to.equal(true);
  });

  it("do not check documents that would take them too long", () => {
    const allOf = Array.from({ length: 900 }, () => ({ items: { type: "number" } }));
    const { check } = compileSchema({ properties: { list: { allOf } } });
    const list = Array.from({ length: 20_000 }, (_, index) => index);
    expect(refusal(() => check({ list }))?.code).to.equal("document.invalid");
    expect(refusal(() => check({ list: [1, 2] }))).to.equal(undefined);
  });

  it("tell where a document does not fit", () => {
    const { check } = compileSchema({ properties: { a: { items: { type: "integer" } } }, additionalProperties: false });
    expect(refusal(() => check({ a: [1, "2"] }))?.details).to.deep.include({ at: "/a/1", reason: "must be integer" });
    expect(refusal(() => check({ b: 1 }))?.details.reason).to.match(/additional properties: b$/);
  });

  it("check the formats of dates and times as they are indexed", () => {
    const { check } = compileSchema({ properties: { d: { format: "date" }, t: { format: "date-time" } } });
    expect(refusal(() => check({ d: "2028-02-29", t: "2028-02-29T23:59:59.123456789+14:00" }))).to.equal(undefined);
    for (const d of ["2026-02-29", "0000-01-01", "2026-1-1", "2026-13-01", "2026-00-10"]) {
      expect(
        refusal(() => check({ d })),
        d,
      ).to.be.instanceOf(BropError);
    }
    for (const t of ["2026-01-01", "2026-01-01T24:00:00Z", "2026-06-30T23:59:60Z", "0001-01-01T00:00:00+01:00"]) {
      expect(
        refusal(() => check({ t })),
        t,
      ).to.be.instanceOf(BropError);
    }
  });

  it("may be as deep as documents, and no deeper walk ends a process", () => {
    const { check } = compileSchema({});
    expect(refusal(() => check({ deep: nested(30) }))).to.equal(undefined);
  });
});

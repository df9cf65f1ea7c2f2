import { expect } from "chai";
import fc from "fast-check";
import { canonicalBytes, canonicalize, parseStrict } from "../../src/core/canonical-json.ts";
import { codeOf, errorOf } from "./code-of.ts";

// RFC 8785, appendix B: IEEE 754 bits and the JSON number.
const NUMBERS: [string, string][] = [
  ["0000000000000000", "0"],
  ["8000000000000000", "0"],
  ["0000000000000001", "5e-324"],
  ["8000000000000001", "-5e-324"],
  ["7fefffffffffffff", "1.7976931348623157e+308"],
  ["ffefffffffffffff", "-1.7976931348623157e+308"],
  ["4340000000000000", "9007199254740992"],
  ["c340000000000000", "-9007199254740992"],
  ["4430000000000000", "295147905179352830000"],
  ["44b52d02c7e14af5", "9.999999999999997e+22"],
  ["44b52d02c7e14af6", "1e+23"],
  ["44b52d02c7e14af7", "1.0000000000000001e+23"],
  ["444b1ae4d6e2ef4e", "999999999999999700000"],
  ["444b1ae4d6e2ef4f", "999999999999999900000"],
  ["444b1ae4d6e2ef50", "1e+21"],
  ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
  ["3eb0c6f7a0b5ed8d", "0.000001"],
  ["41b3de4355555553", "333333333.3333332"],
  ["41b3de4355555554", "333333333.33333325"],
  ["41b3de4355555555", "333333333.3333333"],
  ["41b3de4355555556", "333333333.3333334"],
  ["41b3de4355555557", "333333333.33333343"],
  ["becbf647612f3696", "-0.0000033333333333333333"],
  ["43143ff3c1cb0959", "1424953923781206.2"],
];

describe("canonicalize", () => {
  it("gives the result of RFC 8785, section 3.2.2", () => {
    const text = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    const expected =
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`;
    expect(canonicalize(parseStrict(text))).to.equal(expected);
    expect(new TextDecoder().decode(canonicalBytes(parseStrict(text)))).to.equal(expected);
  });

  it("sorts names as RFC 8785, section 3.2.3 does", () => {
    const value = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    expect(Object.values(JSON.parse(canonicalize(value)))).to.have.members(Object.values(value));
    const order = [...canonicalize(value).matchAll(/:"([^"]*)"/g)].map((match) => match[1]);
    expect(order).to.deep.equal([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  it("writes numbers as RFC 8785, appendix B does", () => {
    for (const [bits, expected] of NUMBERS) {
      expect(canonicalize(Buffer.from(bits, "hex").readDoubleBE()), bits).to.equal(expected);
    }
  });

  it("gives the same text for the same data in another order, and nothing is lost", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = canonicalize(value);
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalize(reversed)).to.equal(text);
        expect(canonicalize(JSON.parse(JSON.stringify(value, null, 3)))).to.equal(text);
        expect(canonicalize(parseStrict(text))).to.equal(text);
      }),
    );
  });

  it("refuses what I-JSON can not hold", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const refused = [Number.NaN, Number.POSITIVE_INFINITY, [1, -1 / 0], "\ud800", { "\udead": 1 }, 1n, cycle];
    for (const value of [...refused, undefined, () => 1]) {
      expect(codeOf(() => canonicalize(value))).to.equal("canonical.invalid");
    }
  });
});

describe("parseStrict", () => {
  it("gives what JSON.parse gives", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseStrict(text)).to.deep.equal(JSON.parse(text));
        expect(parseStrict(new TextEncoder().encode(` ${text}\n`))).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it("finds a name that is there twice, at any depth and in any spelling", () => {
    const twice = [
      '{"a":1,"a":1}',
      '{"a":1,"\\u0061":2}',
      '{"b":[{"x":{},"y":{"x":0},"x":null}]}',
      '{"__proto__":1,"__proto__":2}',
      '{"":1,"":2}',
      '{"a\\"":1,"c":"a","a\\"":2}',
    ];
    for (const text of twice)
      expect(
        codeOf(() => parseStrict(text)),
        text,
      ).to.equal("canonical.invalid");
  });

  it("says which name is there twice, and where", () => {
    const error = errorOf(() => parseStrict('{\n  "lot": "1",\n  "lot": "2"\n}'));
    expect(error?.details).to.deep.equal({ reason: 'the name "lot" is there twice', line: 3, column: 3 });
  });

  it("lets the same name stand in different objects and as a value", () => {
    for (const text of [
      '{"a":{"a":["a","a",{"a":"a"}]},"b":"a"}',
      '["a","a"]',
      '[{"a":1},{"a":2}]',
      '{"a":"b","b":"a"}',
    ]) {
      expect(parseStrict(text)).to.deep.equal(JSON.parse(text));
    }
  });

  it("finds every name given twice in a generated document", () => {
    const pairs = fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.jsonValue({ maxDepth: 2 })), { maxLength: 8 });
    fc.assert(
      fc.property(pairs, (members) => {
        const text = `{${members.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(" ,")}}`;
        const isTwice = new Set(members.map(([name]) => name)).size < members.length;
        expect(codeOf(() => parseStrict(text))).to.equal(isTwice ? "canonical.invalid" : undefined);
      }),
    );
  });

  it("takes every number that a double can hold, in every usual spelling", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const spellings = [String(number), number.toExponential(), number.toPrecision(17), number.toPrecision(30)];
        for (const text of spellings) expect(parseStrict(text), text).to.equal(Number(text));
      }),
    );
    for (const text of [
      "333333333.33333329",
      "0",
      "-0",
      "0.0",
      "0e5",
      "-0.00E-7",
      "1.500",
      "100",
      "1E2",
      "9007199254740992",
      "1e23",
    ]) {
      expect(parseStrict(text)).to.equal(JSON.parse(text));
    }
  });

  it("refuses numbers that lose precision or size", () => {
    const lost = [
      "9007199254740993",
      "4503599627370496.7",
      "3.141592653589793238462643383279",
      "1e400",
      "-1e400",
      "1e-400",
    ];
    for (const text of [...lost, `1${"0".repeat(400)}`, `0.${"1".repeat(200)}`, '{"a":[123456789012345678]}']) {
      expect(
        codeOf(() => parseStrict(text)),
        text,
      ).to.equal("canonical.invalid");
    }
  });

  it("refuses lone surrogates, in names and values", () => {
    for (const text of ['"\\ud800"', '{"\\udc00":1}', '["\\ud83d\\u0020"]', '"\ud800"']) {
      expect(
        codeOf(() => parseStrict(text)),
        text,
      ).to.equal("canonical.invalid");
    }
    expect(parseStrict('"\\ud83d\\ude00"')).to.equal("😀");
  });

  it("refuses what is no JSON and bytes that are not UTF-8", () => {
    for (const text of ["", "{", "{a:1}", "[1,]", "NaN", "01", "'a'", '{"a":1}{"b":2}']) {
      expect(
        codeOf(() => parseStrict(text)),
        text,
      ).to.equal("canonical.invalid");
    }
    expect(codeOf(() => parseStrict(Uint8Array.of(0x22, 0xff, 0x22)))).to.equal("canonical.invalid");
  });

  it("ignores a byte order mark in front", () => {
    expect(parseStrict('\ufeff{"a":1}')).to.deep.equal({ a: 1 });
    expect(parseStrict(new TextEncoder().encode('\ufeff{"a":1}'))).to.deep.equal({ a: 1 });
  });

  it("reads a deep and a long text without running out of stack", () => {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    expect(canonicalize(parseStrict(deep))).to.equal(deep);
    const long = JSON.stringify('\\"a'.repeat(500_000));
    expect(parseStrict(long)).to.equal(JSON.parse(long));
  });
});

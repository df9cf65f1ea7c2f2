import { expect } from "chai";
import fc from "fast-check";
import { checkFields, type Field } from "../../src/retrieval/field.ts";
import type { Retrieval } from "../../src/retrieval/retrieval.ts";
import { onEachDatabase } from "../store/databases.ts";
import { compareValues, type OracleRow, scaled, select, sort } from "./support/oracle.ts";
import { retrievalOn, TEA_FIELDS, TEA_SCHEMA, TENANT } from "./support/tea.ts";

const FIELDS = checkFields(TEA_SCHEMA, TEA_FIELDS);
const RUNS = Number(process.env.BROP_RETRIEVAL_RUNS ?? 60);

// Few different values, so that rows tie and filters meet: what is special in some alphabet, encoding or query language.
const words = [
  "茶",
  "铁观音",
  "铁",
  "武夷山大红袍",
  "Tea",
  "tea'; --",
  "ＴＥＡ ",
  "%_\\",
  '"',
  "😀",
  "\ud7ff",
  "",
  "a",
  "B",
  "é",
];
const text = fc.oneof(
  fc.constantFrom(...words),
  fc.array(fc.constantFrom(...words), { minLength: 2, maxLength: 4 }).map((parts) => parts.join("")),
  fc.string({ unit: "grapheme", maxLength: 6 }).filter((value) => value.isWellFormed() && !value.includes("\0")),
);
const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.1, 0.30000000000000004, 1e21, -1e-7, 5e-324, 1.7976931348623157e308),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const integer = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger()).map((value) => value + 0);
const decimal = fc
  .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 30n), fc.constantFrom("", ".0", ".10", ".1", ".000000000000000001"))
  .map(([negative, whole, fraction]) => `${negative ? "-" : ""}${whole % 4n === 0n ? whole : whole % 7n}${fraction}`);
const day = fc.constantFrom("0001-01-01", "2026-02-28", "2028-02-29", "2026-03-01", "9999-12-31");
const moment = fc
  .tuple(
    day.filter((date) => date > "1"),
    fc.constantFrom("T00:00:00Z", "T23:59:59.9999999+08:00", "t12:00:00.5z", "T04:00:00.5-08:00"),
  )
  .map(([date, time]) => date.replace("0001", "0002").replace("9999", "9998") + time);
const VALUES: Record<Field["type"], fc.Arbitrary<unknown>> = {
  ...{ text, integer, number, decimal, date: day, time: moment, boolean: fc.boolean() },
};

const document = fc.record(
  {
    batch: text,
    name: fc.option(text),
    origin: fc.record({ province: text }, { requiredKeys: [] }),
    weight: fc.option(number),
    bags: fc.option(integer),
    price: fc.option(decimal),
    organic: fc.option(fc.boolean()),
    picked: fc.option(day),
    dried: fc.option(moment),
  },
  { requiredKeys: ["batch"] },
);

const condition = (field: Field): fc.Arbitrary<unknown> => {
  const value = VALUES[field.type];
  const operators = [
    ...[value, fc.constant(null), value.map((eq) => ({ eq }))],
    fc.array(value, { maxLength: 4 }).map((values) => ({ in: values })),
    fc.boolean().map((is) => ({ null: is })),
  ];
  if (field.type !== "boolean") {
    operators.push(
      value.map((gt) => ({ gt })),
      value.map((lte) => ({ lte })),
      fc.tuple(value, value).map(([gte, lt]) => ({ gte, lt })),
    );
  }
  if (field.type === "text") operators.push(text.map((prefix) => ({ prefix })));
  if (field.search)
    operators.push(
      fc.constantFrom("茶", "观音", "红袍", "tea", "TEA", "ea'", "山大红袍").map((search) => ({ search })),
    );
  return fc.oneof(...operators);
};

const question = fc.record({
  where: fc
    .uniqueArray(fc.constantFrom(...FIELDS), { maxLength: 3 })
    .chain((fields) => fc.record(Object.fromEntries(fields.map((field) => [field.name, condition(field)])))),
  sort: fc.option(
    fc
      .tuple(fc.constantFrom("", "-"), fc.constantFrom("$added", ...FIELDS.map(({ name }) => name)))
      .map((parts) => parts.join("")),
    { nil: undefined },
  ),
  limit: fc.integer({ min: 1, max: 7 }),
});

describe("random rows and random questions", () => {
  onEachDatabase((database) => {
    it(`are answered as a plain list in memory answers them, ${RUNS} times`, async function () {
      this.timeout(600_000);
      const retrieval = retrievalOn(database());
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(document, { maxLength: 25 }),
          fc.array(question, { minLength: 4, maxLength: 8 }),
          async (documents, questions) => {
            const name = `tea${run++}`;
            await retrieval.register(TENANT, { name, schema: TEA_SCHEMA, fields: TEA_FIELDS });
            const rows = await store(retrieval, name, documents);
            for (const asked of questions) {
              await checkPages(retrieval, name, rows, asked);
              await checkAggregates(retrieval, name, rows, asked.where);
            }
          },
        ),
        { numRuns: RUNS, seed: Number(process.env.BROP_SEED ?? 8420) },
      );
    });
  });
});

type Given = Record<string, unknown> & { origin?: { province?: string } };

async function store(retrieval: Retrieval, name: string, documents: readonly Given[]): Promise<OracleRow[]> {
  const rows = new Map<string, OracleRow>();
  for (const [order, given] of documents.entries()) {
    const [result] = await retrieval.put(TENANT, TENANT, name, [{ document: given }]);
    if (result?.state === "refused") throw result.error;
    const digest = result?.digest as string;
    if (!rows.has(digest)) rows.set(digest, { digest, order, values: { ...given, province: given.origin?.province } });
  }
  return [...rows.values()];
}

interface Asked {
  where: Record<string, unknown>;
  sort: string | undefined;
  limit: number;
}

async function checkPages(retrieval: Retrieval, name: string, rows: OracleRow[], { where, sort: by, limit }: Asked) {
  const expected = sort(FIELDS, select(FIELDS, rows, where), by).map(({ digest }) => digest);
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await retrieval.query(TENANT, name, { where, sort: by, limit, cursor });
    expect(page.rows.length).to.be.at.most(limit);
    found.push(...page.rows.map(({ digest }) => `0x${digest}`));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(found, JSON.stringify({ where, sort: by, limit })).to.deep.equal(expected);
}

async function checkAggregates(retrieval: Retrieval, name: string, rows: OracleRow[], where: Record<string, unknown>) {
  const chosen = select(FIELDS, rows, where);
  const measures = [
    { function: "count" },
    { function: "sum", field: "price" },
    { function: "min", field: "batch" },
    { function: "max", field: "weight" },
  ] as const;
  for (const field of ["organic", "province"]) {
    const { items, more } = await retrieval.aggregate(TENANT, name, {
      where,
      measures,
      groupBy: { field },
      limit: 1_000,
    });
    const groups = new Map<unknown, OracleRow[]>();
    for (const row of chosen) {
      const value = row.values[field] ?? null;
      groups.set(value, [...(groups.get(value) ?? []), row]);
    }
    expect(more).to.equal(false);
    expect(items.map(({ group }) => group)).to.have.members([...groups.keys()] as string[]);
    for (const { group, values } of items) {
      const members = groups.get(group) as OracleRow[];
      const prices = members.map((row) => row.values.price).filter((price) => price != null) as string[];
      const sum = prices.length === 0 ? null : prices.reduce((total, price) => total + scaled(price), 0n);
      expect(values[0]).to.equal(members.length);
      expect(values[1] === null ? null : scaled(values[1] as string)).to.equal(sum);
      expect(values[2]).to.equal(extreme("text", members, "batch", -1));
      expect(values[3]).to.equal(extreme("number", members, "weight", 1));
    }
  }
}

function extreme(type: Field["type"], rows: readonly OracleRow[], name: string, direction: number): unknown {
  const values = rows.map((row) => row.values[name]).filter((value) => value != null);
  return values.sort((a, b) => direction * compareValues(type, b, a))[0] ?? null;
}

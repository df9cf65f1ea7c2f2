import { expect } from "chai";
import { type EventFragment, Interface, type InterfaceAbi, type ParamType } from "ethers";
import fc from "fast-check";
import { abi } from "../../generated/abi.ts";
import { DECODERS } from "../../generated/event-decoders.ts";
import { NUMBER_BITS } from "../../src/chain/event-data.ts";

/** An argument as the ABI takes it, and as JSON. */
type Pair = readonly [value: unknown, json: unknown];

/** Any values of a type. */
function anyOf(parameter: ParamType): fc.Arbitrary<Pair> {
  const { baseType, arrayChildren, components } = parameter;
  if (baseType === "array") {
    const items = fc.array(anyOf(arrayChildren as ParamType), { maxLength: 4 });
    return items.map((pairs): Pair => [pairs.map(([value]) => value), pairs.map(([, json]) => json)]);
  }
  if (baseType === "tuple") {
    const parts = components ?? [];
    return fc.tuple(...parts.map(anyOf)).map((pairs): Pair => {
      const named = parts.map(({ name }, index) => [name, pairs[index]?.[1]]);
      return [pairs.map(([value]) => value), Object.fromEntries(named)];
    });
  }
  if (baseType === "bool") return fc.boolean().map((value): Pair => [value, value]);
  if (baseType === "string") return fc.string({ unit: "grapheme", maxLength: 40 }).map(asText);
  if (baseType === "address") return hex(20, 20);
  if (baseType === "bytes") return hex(0, 70);
  const size = /^bytes(\d+)$/.exec(baseType)?.[1];
  if (size !== undefined) return hex(Number(size), Number(size));
  const bits = Number(/^uint(\d+)$/.exec(baseType)?.[1]);
  return fc
    .bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })
    .map((value): Pair => [value, bits <= NUMBER_BITS ? Number(value) : value.toString()]);
}

const asText = (value: string): Pair => [value, value.replaceAll("\u0000", "\ufffd")];
const hex = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((bytes): Pair => {
    const value = `0x${Buffer.from(bytes).toString("hex")}`;
    return [value, value];
  });

describe("event decoders", () => {
  for (const [contract, face] of Object.entries(abi)) {
    const events: EventFragment[] = [];
    const reader = new Interface(face as InterfaceAbi);
    reader.forEachEvent((event) => events.push(event));
    if (events.length === 0) continue;

    it(`read every event of ${contract} as an ABI coder writes it`, () => {
      expect(DECODERS[contract]?.size).to.equal(events.length);
      for (const event of events) {
        const decoder = DECODERS[contract]?.get(event.topicHash);
        const property = fc.property(fc.tuple(...event.inputs.map(anyOf)), (pairs) => {
          const { topics, data } = reader.encodeEventLog(
            event,
            pairs.map(([value]) => value),
          );
          const expected = event.inputs.map(({ name }, index) => [name, pairs[index]?.[1]]);
          expect(decoder?.read(topics as string[], data)).to.deep.equal(Object.fromEntries(expected));
        });
        fc.assert(property, { numRuns: 20 });
      }
    });
  }

  it("have a type of their own for each event of a contract, whatever its place", () => {
    for (const decoders of Object.values(DECODERS)) {
      const types = [...decoders.values()].map(({ type }) => type);
      expect(new Set(types).size).to.equal(types.length);
      for (const type of types) expect(type).to.match(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/);
    }
  });
});

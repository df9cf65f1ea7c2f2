/**
 * Writes `generated/event-decoders.ts`: for each event of each contract a function that reads its arguments out of a log.
 * Where each argument stands is worked out here, so that the functions only cut text; that is several times faster than an
 * ABI decoder. Events with lists or tuples, which are rare, go through ethers. Part of the build.
 */
import { writeFileSync } from "node:fs";
import { type EventFragment, Interface, type ParamType } from "ethers";
import { abi } from "../generated/abi.ts";
import { isSmall } from "../src/chain/event-data.ts";
import { eventType } from "../src/core/event-type.ts";

const HEAD = `// Made by scripts/generate-event-decoders.ts from the compiled contracts.
import { address, bytes, type EventDecoder, fixed, flag, generalReader, large, small, text, topic, word } from "../src/chain/event-data.ts";

/** By contract, then by topic 0. */
export const DECODERS: Readonly<Record<string, ReadonlyMap<string, EventDecoder>>> = {
`;

/** Code that reads an argument of one word: `place` is code for its 64 digits. */
function ofOneWord(type: string, place: string): string | undefined {
  if (type === "address") return `address(${place})`;
  if (type === "bool") return `flag(${place})`;
  if (type === "bytes32") return `\`0x\${${place}}\``;
  const size = /^bytes(\d+)$/.exec(type)?.[1];
  if (size !== undefined) return `fixed(${place}, ${size})`;
  if (/^uint\d+$/.test(type)) return `${isSmall(type) ? "small" : "large"}(${place})`;
  return undefined;
}

/** Code that reads an argument from the data, undefined where only the general reader can. */
function ofData(type: string, place: string): string | undefined {
  if (type === "string") return `text(d, ${place})`;
  return type === "bytes" ? `bytes(d, ${place})` : ofOneWord(type, place);
}

function decoderOf(contract: string, event: EventFragment): string {
  const members: string[] = [];
  const rest: ParamType[] = [];
  let topics = 1;
  let simple = true;
  for (const input of event.inputs) {
    if (input.name === "") throw new Error(`${contract}.${event.name} has an argument without a name`);
    if (input.indexed) {
      // Of what does not fit in a word, the topic is the digest.
      const place = `topic(t, ${topics++})`;
      members.push(`${input.name}: ${ofOneWord(input.type, place) ?? `\`0x\${${place}}\``}`);
      continue;
    }
    const code = ofData(input.type, `word(d, ${rest.length})`);
    simple &&= code !== undefined;
    members.push(`${input.name}: ${code}`);
    rest.push(input);
  }
  const head = `contract: "${contract}", type: "${eventType(contract, event.name)}"`;
  if (simple) return `{ ${head}, read: (t, d) => ({ ${members.join(", ")} }) }`;
  const indexed = members.filter((_, index) => event.inputs[index]?.indexed);
  const types = JSON.stringify(rest.map((input) => input.format("full")));
  const spread = [...indexed, "...general(d)"].join(", ");
  return `((general) => ({ ${head}, read: (t: readonly string[], d: string) => ({ ${spread} }) }))(generalReader(${types}))`;
}

const contracts = Object.entries(abi).map(([contract, face]) => {
  const lines: string[] = [];
  new Interface(face).forEachEvent((event) => {
    lines.push(`    ["${event.topicHash}", ${decoderOf(contract, event)}],`);
  });
  return `  ${contract}: new Map<string, EventDecoder>([\n${lines.join("\n")}\n  ]),`;
});
writeFileSync("generated/event-decoders.ts", `${HEAD}${contracts.join("\n")}\n};\n`);

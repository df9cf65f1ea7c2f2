import type { Bundle } from "../../../src/core/bundle/bundle.ts";
import type { BundleReason } from "../../../src/core/bundle/reasons.ts";
import { edited } from "./edit-bundle.ts";
import type { BundleVector } from "./vector.ts";

/** Files that are no bundle in its form, made of a sound one. */
export function brokenForm(record: Bundle): BundleVector[] {
  const text = JSON.stringify(record);
  const vector = (
    reason: BundleReason,
    name: string,
    what: string,
    content: BundleVector["content"],
  ): BundleVector => ({
    ...{ name: `form-${name}`, what, content, trust: "genesis", state: "failed", reason },
  });
  const invalid = (name: string, what: string, change: Parameters<typeof edited>[1]) =>
    vector("format.schema", name, what, edited(record, change));
  // biome-ignore lint/suspicious/noExplicitAny: what a bundle can not be is written into it
  const wild = (change: (draft: any) => unknown) => change as Parameters<typeof edited>[1];
  return [
    {
      ...vector("format.too-large", "too-large", "A sound bundle in more than 16 MiB", record),
      padTo: 16 * 1024 * 1024 + 1,
    },
    vector(
      "format.not-text",
      "not-utf8",
      "Bytes that are no UTF-8",
      new Uint8Array([...Buffer.from('{"label":"'), 0xff, 0x22, 0x7d]),
    ),
    vector("format.not-json", "cut-off", "The file ends too early", text.slice(0, -20)),
    vector("format.not-json", "empty", "An empty file", ""),
    vector(
      "format.not-json",
      "nan",
      "A number that JSON does not have",
      text.replace(`"asOf":${record.asOf}`, '"asOf":NaN'),
    ),
    vector("format.not-json", "trailing", "More behind the end", `${text}{}`),
    vector(
      "format.ambiguous",
      "name-twice",
      "Two claims: parsers keep one of them",
      text.replace('"claim":', '"claim":null,"claim":'),
    ),
    vector(
      "format.ambiguous",
      "name-twice-escaped",
      "The same name in two spellings",
      text.replace('"asOf":', '"\\u0061sOf":1,"asOf":'),
    ),
    vector(
      "format.ambiguous",
      "number-imprecise",
      "A number that a double does not hold",
      text.replace(/"chainId":\d+/, '"chainId":9007199254740993'),
    ),
    vector(
      "format.ambiguous",
      "lone-surrogate",
      "A text with half a character",
      text.replace('"format"', '"label":"\\ud800","format"'),
    ),
    vector("format.too-deep", "too-deep", "Lists in lists without end", `${"[".repeat(5_000)}${"]".repeat(5_000)}`),
    vector("format.unknown", "other-format", "A file of another kind", {
      ...record,
      format: "other" as Bundle["format"],
    }),
    vector("format.unknown", "list", "A list of bundles", `[${text}]`),
    vector("format.version", "unknown-version", "A later version", { ...record, version: 2 as Bundle["version"] }),
    vector("format.version", "version-as-text", "The version as a text", {
      ...record,
      version: "1" as unknown as Bundle["version"],
    }),
    invalid(
      "unknown-member",
      "A member that the form does not have",
      wild((draft) => Object.assign(draft, { note: "" })),
    ),
    vector(
      "format.schema",
      "prototype",
      "A member that would change an object's prototype",
      text.replace('"format"', '"__proto__":{},"format"'),
    ),
    invalid(
      "missing-member",
      "A member is missing",
      wild((draft) => delete draft.validators),
    ),
    invalid(
      "null-member",
      "A member is null",
      wild((draft) => Object.assign(draft, { status: null })),
    ),
    invalid("huge-list", "More blocks than a bundle can have", (draft) => {
      draft.blocks = Array.from({ length: 1_101 }, () => ({ header: "", receipts: [], accounts: [] }));
    }),
    invalid("many-nodes", "More nodes than a way through a trie has", (draft) => {
      draft.blocks[0]?.receipts[0]?.nodes.push(...Array.from({ length: 65 }, () => ""));
    }),
    invalid("no-blocks", "No block at all", (draft) => {
      draft.blocks = [];
    }),
    invalid(
      "number-as-text",
      "A number as a text",
      wild((draft) => Object.assign(draft, { asOf: String(draft.asOf) })),
    ),
    invalid(
      "fraction",
      "A block that is no whole number",
      wild((draft) => Object.assign(draft, { asOf: 3.5 })),
    ),
    invalid(
      "negative",
      "A place below 0",
      wild((draft) => Object.assign(draft.claim.at, { log: -1 })),
    ),
    invalid(
      "upper-case",
      "Hexadecimal in upper case",
      wild((draft) => Object.assign(draft.claim, { owner: draft.claim.owner.replace("0x1", "0xA") })),
    ),
    invalid(
      "short-digest",
      "A digest of 31 bytes",
      wild((draft) => Object.assign(draft.claim.record, { digest: draft.claim.record.digest.slice(0, -2) })),
    ),
    invalid(
      "line-end",
      "Hexadecimal with a line end behind it",
      wild((draft) => Object.assign(draft.claim, { owner: `${draft.claim.owner}\n` })),
    ),
    invalid("base64-spare-bits", "Base64 with bits that mean nothing", (draft) => {
      draft.content = "QR==";
    }),
    invalid("base64-unpadded", "Base64 without padding", (draft) => {
      draft.content = "QQ";
    }),
    invalid("base64-url", "Base64 of another alphabet", (draft) => {
      draft.content = "-_-_";
    }),
    invalid("html-in-name", "Markup where the name of a contract belongs", (draft) => {
      Object.assign(draft.contracts[0] as object, { name: "<img src=x onerror=alert(1)>" });
    }),
    invalid("long-label", "A label of more than 200 characters", (draft) => {
      draft.label = "x".repeat(201);
    }),
    invalid(
      "unknown-claim",
      "A claim of an unknown kind",
      wild((draft) => Object.assign(draft.claim, { kind: "opinion" })),
    ),
    invalid(
      "branch-of-other-length",
      "A branch of 20 nodes",
      wild((draft) => {
        draft.claim = {
          ...draft.claim,
          kind: "batch-record",
          index: 0,
          count: 1,
          branch: Array(20).fill(draft.claim.record.digest),
        };
      }),
    ),
  ];
}

import type { Bundle } from "../../../src/core/bundle/bundle.ts";
import type { BundleReason } from "../../../src/core/bundle/reasons.ts";
import type { VerdictState } from "../../../src/core/bundle/verdict.ts";
import { validatorKey } from "../sealed-block.ts";
import {
  blockPart,
  type Draft,
  editExtraData,
  edited,
  editField,
  flipped,
  HEADER_FIELDS,
  reseal,
} from "./edit-bundle.ts";
import { RECORD_BLOCK, VALID_STATE } from "./evidence-network.ts";
import type { BundleVector, TrustName } from "./vector.ts";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** Who sealed the block of the record: a quorum of the five of its height. */
const SEALERS = [1, 2, 3, 4].map(validatorKey);

/** What is changed, and the reason that it gives. */
export type Case = [reason: BundleReason, name: string, what: string, change: (draft: Draft) => unknown];

/** Bundles of another network, or judged by another start. */
export function brokenNetwork(record: Bundle): BundleVector[] {
  const vector = (
    name: string,
    what: string,
    [state, reason]: [VerdictState, BundleReason],
    [trust, change]: [TrustName, (draft: Draft) => unknown],
  ): BundleVector => ({ name: `network-${name}`, what, content: edited(record, change), trust, state, reason });
  const same = () => undefined;
  return [
    vector("no-trust", "Nothing is trusted", ["missing", "trust.missing"], ["none", same]),
    vector(
      "chain-id",
      "The bundle says another chain",
      ["failed", "network.chain"],
      [
        "genesis",
        (one) => {
          one.network.chainId++;
        },
      ],
    ),
    vector("other-chain", "The trusted chain is another one", ["failed", "network.chain"], ["other-chain", same]),
    vector(
      "genesis",
      "The bundle says another block 0",
      ["failed", "network.genesis"],
      [
        "genesis",
        (one) => {
          one.network.genesis = `0x${"11".repeat(32)}`;
        },
      ],
    ),
    vector(
      "other-genesis",
      "The trusted chain has this number and another block 0",
      ["failed", "network.genesis"],
      ["other-genesis", same],
    ),
    vector(
      "unsealed",
      "The bundle says that nobody seals blocks there",
      ["failed", "network.unsealed"],
      [
        "genesis",
        (one) => {
          one.network.sealed = false;
        },
      ],
    ),
    vector(
      "development",
      "The trusted chain is a development chain",
      ["failed", "network.development"],
      ["development", same],
    ),
    vector(
      "later-start",
      "The record stands before the trusted checkpoint",
      ["missing", "trust.later"],
      ["checkpoint-5", same],
    ),
    vector(
      "other-anchor",
      "The bundle has another block at the height of the checkpoint",
      ["failed", "header.anchor"],
      ["checkpoint-1-other", same],
    ),
    vector(
      "other-validators",
      "The checkpoint names others as validators",
      ["failed", "seals.stranger"],
      ["checkpoint-0-strangers", same],
    ),
  ];
}

/** Bundles whose blocks are not what they should be. @param record with blocks 1 to 4 @param state the same with block 7 */
export function brokenBlocks(record: Bundle, state: Bundle): BundleVector[] {
  const cases: Case[] = [
    [
      "seals.too-few",
      "below-quorum",
      "One seal less than a quorum",
      (one) => editExtraData(one, RECORD_BLOCK, ({ seals }) => ({ seals: seals.slice(1) })),
    ],
    ["seals.too-few", "none", "No seal", (one) => editExtraData(one, RECORD_BLOCK, () => ({ seals: [] }))],
    [
      "seals.duplicate",
      "duplicate",
      "A seal twice in place of another",
      (one) =>
        editExtraData(one, RECORD_BLOCK, ({ seals }) => ({ seals: [...seals.slice(1), seals[1] as Uint8Array] })),
    ],
    [
      "seals.duplicate",
      "duplicate-besides",
      "A quorum, and one of the seals once more",
      (one) => editExtraData(one, RECORD_BLOCK, ({ seals }) => ({ seals: [...seals, seals[0] as Uint8Array] })),
    ],
    [
      "seals.stranger",
      "strangers",
      "Seals by strangers",
      (one) => reseal(one, RECORD_BLOCK, [11, 12, 13, 14].map(validatorKey)),
    ],
    [
      "seals.stranger",
      "stranger-besides",
      "A quorum, and a stranger's seal",
      (one) => reseal(one, RECORD_BLOCK, [...SEALERS, validatorKey(11)]),
    ],
    [
      "seals.too-many",
      "too-many",
      "More seals than validators",
      (one) => editExtraData(one, RECORD_BLOCK, ({ seals }) => ({ seals: [...seals, ...seals] })),
    ],
    [
      "seals.malformed",
      "high-s",
      "A signature in its other form, with s in the upper half",
      (one) => editSeal(one, (seal) => otherForm(seal)),
    ],
    [
      "seals.malformed",
      "v-27",
      "A recovery number of 27",
      (one) => editSeal(one, (seal) => seal.with(64, (seal[64] as number) + 27)),
    ],
    ["seals.malformed", "v-2", "A recovery number of 2", (one) => editSeal(one, (seal) => seal.with(64, 2))],
    [
      "seals.stranger",
      "other-v",
      "The other recovery number: another key",
      (one) => editSeal(one, (seal) => flipped(seal)),
    ],
    ["seals.malformed", "zero-r", "A signature with r 0", (one) => editSeal(one, (seal) => seal.fill(0, 0, 32))],
    ["seals.malformed", "zero-s", "A signature with s 0", (one) => editSeal(one, (seal) => seal.fill(0, 32, 64))],
    [
      "seals.malformed",
      "r-of-no-point",
      "A signature with an r that is no point's",
      (one) => editSeal(one, (seal) => seal.fill(0, 0, 31).with(31, 5)),
    ],
    ["header.malformed", "short-seal", "A seal of 64 bytes", (one) => editSeal(one, (seal) => seal.subarray(0, 64))],
    [
      "seals.stranger",
      "wrong-round",
      "Seals of round 0 under a header of round 1",
      (one) => editExtraData(one, RECORD_BLOCK, () => ({ round: 1 })),
    ],
    [
      "seals.stranger",
      "round-taken-away",
      "Seals of round 1 under a header of round 0",
      (one) => editExtraData(one, 1, () => ({ round: 0 })),
    ],
    ["seals.stranger", "seals-of-another-block", "The seals of another block", (one) => swapSeals(one)],
    [
      "header.validators",
      "validators-in-header",
      "A header that names validators, sealed by them",
      (one) => {
        editExtraData(one, RECORD_BLOCK, () => ({ validators: [new Uint8Array(20).fill(1)] }));
        reseal(one, RECORD_BLOCK, SEALERS);
      },
    ],
    ["blocks.order", "order", "Blocks in another order", (one) => one.blocks.reverse()],
    [
      "blocks.order",
      "twice",
      "A block twice",
      (one) => one.blocks.splice(1, 0, structuredClone(one.blocks[0]) as never),
    ],
    [
      "blocks.as-of",
      "as-of",
      "The bundle says that it shows a later block",
      (one) => {
        one.asOf++;
      },
    ],
    [
      "blocks.unused",
      "unused",
      "A change of validators in the blocks that the history does not name",
      (one) => one.validators.pop(),
    ],
    ["block.absent", "missing", "The block of a change is not there", (one) => one.blocks.splice(1, 1)],
    [
      "header.malformed",
      "header-cut-off",
      "A header that ends too early",
      (one) => {
        blockPart(one, RECORD_BLOCK).header = "+QI=";
      },
    ],
  ];
  const fields = HEADER_FIELDS.filter((name) => name !== "extraData").map((name): Case => {
    const reason = FIELD_REASONS[name] ?? "seals.stranger";
    return [
      reason,
      `field-${name}`,
      `A header with another ${name}`,
      (one) => editField(one, VALID_STATE, name, otherValue),
    ];
  });
  const vectors = (bundle: Bundle, all: Case[]) =>
    all.map(
      ([reason, name, what, change]): BundleVector => ({
        ...{ name: `blocks-${name}`, what, content: edited(bundle, change), trust: "genesis", state: "failed", reason },
      }),
    );
  return [...vectors(record, cases), ...vectors(state, fields)];
}

/** Fields whose change is noticed before the seals are looked at. */
const FIELD_REASONS: Readonly<Record<string, BundleReason>> = {
  stateRoot: "state.proof",
  mixHash: "header.malformed",
  number: "blocks.as-of",
};

/** Keeps a field's length, and a number's one form. */
function otherValue(bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? Uint8Array.of(1) : bytes.with(-1, (bytes.at(-1) as number) ^ 2);
}

/** Changes the last seal of the record's block. */
function editSeal(draft: Draft, change: (seal: Uint8Array) => Uint8Array): void {
  editExtraData(draft, RECORD_BLOCK, ({ seals }) => ({
    seals: [...seals.slice(0, -1), change(Uint8Array.from(seals.at(-1) as Uint8Array))],
  }));
}

/** The signature with the order minus s: as good to many libraries, and another one. */
function otherForm(seal: Uint8Array): Uint8Array {
  const s = CURVE_ORDER - BigInt(`0x${Buffer.from(seal.subarray(32, 64)).toString("hex")}`);
  const bytes = Buffer.from(s.toString(16).padStart(64, "0"), "hex");
  return Uint8Array.from([...seal.subarray(0, 32), ...bytes, (seal[64] as number) ^ 1]);
}

function swapSeals(draft: Draft): void {
  let others: readonly Uint8Array[] = [];
  editExtraData(draft, RECORD_BLOCK, ({ seals }) => {
    others = seals;
    return {};
  });
  editExtraData(draft, 1, () => ({ seals: others }));
}

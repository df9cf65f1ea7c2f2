import { buildBundle } from "../../../src/chain/bundle/build-bundle.ts";
import { encodeBase64 } from "../../../src/core/base64.ts";
import type { Bundle, TimestampPart } from "../../../src/core/bundle/bundle.ts";
import { bytesToHex } from "../../../src/core/hex.ts";
import { recordedDigest, recordedToken } from "../recorded-tokens.ts";
import { SealedNetwork } from "../sealed-network.ts";
import { edited, flippedBase64 } from "./edit-bundle.ts";
import { CONTRACTS, listingOf, RECORD, recordClaim, recordedBy } from "./evidence-network.ts";
import { recordedBlockBundle } from "./recorded-vectors.ts";
import type { BundleVector } from "./vector.ts";

/** The recorded block that tokens stamp. */
const STAMPED_BLOCK = 42;

/** Tokens that openssl made (test/fixtures/timestamps), beside records of what they stamp. */
export async function timestampVectors(): Promise<BundleVector[]> {
  const network = new SealedNetwork();
  const stamped = { ...recordClaim, record: { ...RECORD, digest: bytesToHex(recordedDigest()) } };
  network.mine({ logs: [listingOf("Records", CONTRACTS.Records), recordedBy(stamped), recordedBy(recordClaim)] });
  const token: TimestampPart = {
    stamps: "claim",
    token: encodeBase64(recordedToken("p256-sha256")),
    certificates: [],
  };
  const build = (claim: typeof recordClaim, logIndex: number, timestamps = [token]) =>
    buildBundle(network.ask, {
      ...{ claim: { ...claim, at: { block: 1, logIndex } }, changes: [], timestamps },
      contracts: new Map([["Records", { address: CONTRACTS.Records, listed: { block: 1, logIndex: 0 } }]]),
    });
  const sound = await build(stamped, 1);
  const event: Bundle = edited(sound, (draft) => {
    const { at, owner: _, ...log } = { ...draft.claim, ...recordedBy(stamped) } as never as Record<string, unknown>;
    const { address, topics, data } = log;
    Object.assign(draft, { claim: { kind: "event", at, address, topics, data } });
  });
  const proven = { trust: "genesis", state: "proven" } as const;
  const failed = { trust: "genesis", state: "failed", authorities: ["root.der"] } as const;
  return [
    {
      ...{ ...proven, name: "timestamp", what: "A token of a trusted authority for the record's digest" },
      ...{ content: sound, authorities: ["root.der"] },
    },
    {
      ...proven,
      name: "timestamp-untrusted",
      what: "A sound token of an authority that is not trusted",
      content: sound,
    },
    {
      ...{ ...failed, name: "timestamp-other-data", what: "A token for other data", reason: "timestamp.other" },
      content: await build(recordClaim, 2),
    },
    {
      ...{ ...failed, name: "timestamp-other-block", what: "A token said to stamp a block", reason: "timestamp.other" },
      content: await build(stamped, 1, [{ ...token, stamps: { block: 1 } }]),
    },
    {
      ...{
        ...failed,
        name: "timestamp-forged",
        what: "A token with another bit in its signature",
        reason: "timestamp.token",
      },
      content: await build(stamped, 1, [{ ...token, token: flippedBase64(token.token) }]),
    },
    {
      ...{ ...failed, name: "timestamp-no-token", what: "Bytes that are no token", reason: "timestamp.token" },
      content: await build(stamped, 1, [{ ...token, token: "MAA=" }]),
    },
    {
      ...{ ...failed, name: "timestamp-of-event", what: "A token beside a claim that has no digest" },
      ...{ reason: "timestamp.claim", content: event },
    },
    ...(await blockStampVectors()),
  ];
}

/** Tokens of a real block's hash: see test/fixtures/timestamps/make-block-tokens.ts. */
async function blockStampVectors(): Promise<BundleVector[]> {
  const stamped = (name: string) =>
    recordedBlockBundle(STAMPED_BLOCK, undefined, [
      { stamps: { block: STAMPED_BLOCK }, token: encodeBase64(recordedToken(name)), certificates: [] },
    ]);
  const common = { trust: "recorded-0", authorities: ["block-root.der"] } as const;
  return [
    {
      ...{ ...common, name: "timestamp-block", what: "A token for the hash of a real block, two seconds after it" },
      ...{ state: "proven", content: await stamped("block-42") },
    },
    {
      ...{ ...common, name: "timestamp-block-within-accuracy", what: "A token that is as old as its block at most" },
      ...{ state: "proven", content: await stamped("block-42-within-accuracy") },
    },
    {
      ...{ ...common, name: "timestamp-block-early", what: "A token a millisecond older than its block can be" },
      ...{ state: "failed", reason: "timestamp.early", content: await stamped("block-42-early") },
    },
    {
      ...{
        ...common,
        name: "timestamp-authority-ended-since",
        what: "A token whose authority's certificate ended later",
      },
      ...{ state: "proven", content: await stamped("block-42-authority-ended-since") },
    },
    {
      ...{ ...common, name: "timestamp-authority-ended-before", what: "A token made after its certificate had ended" },
      ...{ state: "failed", reason: "timestamp.token", content: await stamped("block-42-authority-ended-before") },
    },
  ];
}

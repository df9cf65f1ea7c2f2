import { type BundleRequest, buildBundle, type ClaimRequest } from "../../../src/chain/bundle/build-bundle.ts";
import type { Bundle } from "../../../src/core/bundle/bundle.ts";
import { digestBytes } from "../../../src/core/digest.ts";
import { bytesToHex } from "../../../src/core/hex.ts";
import type { SealedNetwork } from "../sealed-network.ts";
import {
  CERTIFIER,
  CLAIMS,
  CONTENT,
  evidenceRequest,
  HEAD,
  OWNER,
  RECOGNISER,
  RECORD_BLOCK,
  REVOKED_STATE,
  recordClaim,
  recordedBy,
  VALID_STATE,
} from "./evidence-network.ts";
import type { BundleVector } from "./vector.ts";

export type Build = (claim: ClaimRequest, more?: Partial<BundleRequest>) => Promise<Bundle>;

export function builderOf(network: SealedNetwork): Build {
  return (claim, more = {}) => buildBundle(network.ask, { ...evidenceRequest(network, claim), ...more });
}

const certification = { account: OWNER, certifier: CERTIFIER, recognisedBy: RECOGNISER };

/** Bundles of the made-up network that hold. */
export async function validVectors(network: SealedNetwork): Promise<BundleVector[]> {
  const build = builderOf(network);
  const record = await build(CLAIMS.record);
  const proven = { trust: "genesis", state: "proven" } as const;
  const { hash } = network.block(HEAD);
  const log = recordedBy(recordClaim);
  return [
    { ...proven, name: "record", what: "A record, through two changes of the validators", content: record },
    {
      ...{ ...proven, name: "record-of-file", what: "A record, and the digest of the file at hand", content: record },
      digest: bytesToHex(digestBytes(CONTENT)),
    },
    {
      ...{ ...proven, name: "record-with-content", what: "A record whose data stand in the bundle" },
      content: await build(CLAIMS.record, { content: CONTENT }),
    },
    {
      ...{ ...proven, name: "record-valid", what: "The state of a later block shows that the record stands" },
      content: await build(CLAIMS.record, { state: VALID_STATE }),
    },
    {
      ...{ ...proven, name: "record-revoked", what: "The state of a still later block shows that it was revoked" },
      content: await build(CLAIMS.record, { state: REVOKED_STATE }),
    },
    {
      ...{ ...proven, name: "record-certification", what: "Who had certified and recognised the owner at the block" },
      content: await build(CLAIMS.record, { state: REVOKED_STATE, certification }),
    },
    {
      ...{ ...proven, name: "record-in-full-block", what: "A record among 130 transactions: a deep trie" },
      content: await build(CLAIMS.full),
    },
    { ...proven, name: "batch-record", what: "A record of an anchored batch", content: await build(CLAIMS.batch) },
    {
      ...{
        ...proven,
        name: "batch-record-valid",
        what: "A record of a batch that was not revoked as of a later block",
      },
      content: await build(CLAIMS.batch, { state: REVOKED_STATE, certification }),
    },
    {
      ...{ ...proven, name: "event", what: "Any event of any contract" },
      content: await build({ kind: "event", ...log, at: { block: RECORD_BLOCK, logIndex: 2 } }),
    },
    {
      ...{ ...proven, name: "block", what: "That a block is of the network; sealed in round 2" },
      content: await build({ kind: "block", block: 5, hash: network.block(5).hash }),
    },
    {
      ...{ ...proven, name: "block-newest", what: "The newest block, after all changes of the validators" },
      content: await build({ kind: "block", block: HEAD, hash }),
    },
    {
      ...{ ...proven, name: "record-from-checkpoint", what: "A record after the checkpoint that is trusted" },
      ...{ content: await build(CLAIMS.record, { state: VALID_STATE }), trust: "checkpoint-2" },
    },
    {
      ...{ ...proven, name: "label-with-html", what: "A label is text: nothing in it is markup" },
      content: await build(CLAIMS.record, { label: "<script>alert(1)</script> \u202eevil\u202c 苹果" }),
    },
    {
      ...{ ...proven, name: "spaced-and-shuffled", what: "White space, order of members and escapes mean nothing" },
      content: `\ufeff${spaced(record)}`,
    },
    {
      ...{ ...proven, name: "all-validators-sealed", what: "More seals than a quorum, by all of the validators" },
      content: await fullySealed(),
    },
  ];
}

/** The same JSON in another spelling. */
function spaced(bundle: Bundle): string {
  const reversed = Object.fromEntries(Object.entries(bundle).reverse());
  return JSON.stringify(reversed, null, "\t").replace('"format"', '"\\u0066ormat"').replace(/,\n/g, " ,\n ");
}

async function fullySealed(): Promise<Bundle> {
  const { SealedNetwork: Network } = await import("../sealed-network.ts");
  const network = new Network();
  network.mine({ sealers: network.validators });
  return buildBundle(network.ask, {
    ...{ claim: { kind: "block", block: 1, hash: network.block(1).hash }, changes: [], contracts: new Map() },
  });
}

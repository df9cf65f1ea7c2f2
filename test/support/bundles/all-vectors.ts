import type { Bundle } from "../../../src/core/bundle/bundle.ts";
import { type Checkpoint, readTrust, type Trust, type TrustDescription } from "../../../src/core/qbft/trust.ts";
import { addressOfKey, validatorKey } from "../sealed-block.ts";
import { SealedNetwork } from "../sealed-network.ts";
import { brokenBlocks, brokenNetwork } from "./broken-blocks.ts";
import { brokenClaims } from "./broken-claims.ts";
import { brokenForm } from "./broken-form.ts";
import { brokenHistories } from "./broken-histories.ts";
import { brokenContents, brokenStates } from "./broken-states.ts";
import { brokenTries } from "./broken-tries.ts";
import { CLAIMS, evidenceNetwork, VALID_STATE } from "./evidence-network.ts";
import { recordedCheckpoints, recordedVectors } from "./recorded-vectors.ts";
import { timestampVectors } from "./timestamp-vectors.ts";
import { builderOf, validVectors } from "./valid-vectors.ts";
import type { BundleVector, TrustName } from "./vector.ts";

export interface VectorSet {
  /** Trusted starts by their names. */
  trust: Record<string, TrustDescription>;
  vectors: BundleVector[];
}

let made: Promise<VectorSet> | undefined;

/** All test vectors of proof bundles, made anew: the same in every run. */
export function allVectors(): Promise<VectorSet> {
  made ??= makeVectors();
  return made;
}

/** What a vector trusts. */
export function trustOf({ trust }: VectorSet, name: TrustName): Trust | undefined {
  const description = trust[name];
  if (description === undefined) return undefined;
  const known = READ.get(description) ?? readTrust(description);
  READ.set(description, known);
  return known;
}

/** Working out the hash of block 0 takes longer than a bundle. */
const READ = new Map<TrustDescription, Trust>();

async function makeVectors(): Promise<VectorSet> {
  const network = evidenceNetwork();
  const build = builderOf(network);
  const record = await build(CLAIMS.record);
  const state = await build(CLAIMS.record, { state: VALID_STATE });
  const full = await build(CLAIMS.full);
  const vectors = [
    ...(await validVectors(network)),
    ...(await recordedVectors()),
    ...brokenForm(record),
    ...brokenNetwork(record),
    ...brokenBlocks(record, state),
    ...brokenTries(record, full, state),
    ...(await brokenHistories()),
    ...(await brokenClaims(network)),
    ...(await brokenStates(network)),
    ...(await brokenContents()),
    ...(await timestampVectors()),
    ...unsealed(record),
  ];
  return { trust: trusts(network), vectors };
}

function trusts(network: SealedNetwork): Record<string, TrustDescription> {
  const { chainId, genesis } = network;
  const addresses = (numbers: readonly number[]) => numbers.map((one) => addressOfKey(validatorKey(one)));
  const checkpoint = (number: number, changes: Partial<Checkpoint>) => ({
    checkpoint: {
      chainId,
      number,
      hash: network.block(number).hash,
      epoch: 0,
      validators: addresses([1, 2, 3, 4]),
      ...changes,
    },
  });
  const recorded = recordedCheckpoints();
  const [before, after] = [recorded["recorded-42"], recorded["recorded-47"]] as [
    { checkpoint: Checkpoint },
    { checkpoint: Checkpoint },
  ];
  return {
    genesis,
    "checkpoint-2": checkpoint(2, { epoch: 1, validators: addresses([1, 2, 3, 4, 5]) }),
    "checkpoint-5": checkpoint(5, { epoch: 2, validators: addresses([1, 2, 6, 4, 5]) }),
    "checkpoint-1-other": checkpoint(1, { hash: `0x${"22".repeat(32)}` }),
    "checkpoint-0-strangers": checkpoint(0, { validators: addresses([11, 12, 13, 14]) }),
    "other-chain": new SealedNetwork({ chainId: chainId + 1 }).genesis,
    "other-genesis": new SealedNetwork({ validators: [11, 12, 13, 14].map(validatorKey) }).genesis,
    development: { config: { chainId } },
    ...recorded,
    "recorded-41-later": { checkpoint: { ...before.checkpoint, number: 41 } },
    "recorded-47-kept": { checkpoint: after.checkpoint },
  };
}

/** A development chain: headers that nobody sealed, with the same tries below them. */
function unsealed(record: Bundle): BundleVector[] {
  const content: Bundle = { ...record, network: { ...record.network, sealed: false }, validators: [] };
  const blocks = content.blocks.filter((_, at) => at !== 1);
  const vector = { name: "unsealed", what: "A bundle of a development chain: its blocks prove nothing" };
  return [
    { ...vector, content: { ...content, blocks }, trust: "development", state: "unsealed" },
    { ...vector, name: "unsealed-no-trust", content: { ...content, blocks }, trust: "none", state: "unsealed" },
  ];
}

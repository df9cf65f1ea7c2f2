import { encodeBase64 } from "../../core/base64.ts";
import { anchorId } from "../../core/batch/record-batch.ts";
import {
  type BatchRecordClaim,
  type BlockClaim,
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  type Bundle,
  type CertificationPart,
  type ContractPart,
  type EventClaim,
  type RecordClaim,
  type TimestampPart,
} from "../../core/bundle/bundle.ts";
import { contractOf } from "../../core/bundle/claim-statements.ts";
import {
  anchorSlots,
  certificationTrace,
  leafRevocationSlot,
  partnerTrace,
  recognitionTrace,
  recordSlot,
} from "../../core/bundle/evidence-slots.ts";
import { DIRECTORY } from "../../core/bundle/listed-contracts.ts";
import { directorySlot } from "../../core/directory-slots.ts";
import { BropError } from "../../core/errors.ts";
import { VALIDATOR_REGISTRY } from "../../core/qbft/validator-set.ts";
import { recordId } from "../../core/record-id.ts";
import type { Ask } from "../relays/relay.ts";
import { BlockParts, type LogPosition, networkOf } from "./block-parts.ts";
import { checkpointSlots } from "./checkpoint-slots.ts";

/** A claim whose event is known by its place among the block's logs. */
export type ClaimRequest =
  | ((Omit<RecordClaim, "at"> | (Omit<BatchRecordClaim, "at"> & { root: string }) | Omit<EventClaim, "at">) & {
      at: LogPosition;
    })
  | BlockClaim;

export interface BundleRequest {
  claim: ClaimRequest;
  /** Changes of the validators since block 0, in order, up to the newest block that is shown. */
  changes: readonly LogPosition[];
  /** Contracts of the platform, with Directory's event that listed each. */
  contracts: ReadonlyMap<string, { address: string; listed: LogPosition }>;
  /** Newest block whose state is to be shown: whether the record stands, and which validators seal after it. */
  state?: number | undefined;
  /** Whose word on the owner is to be shown. It takes a state. */
  certification?: Omit<CertificationPart, "block"> | undefined;
  timestamps?: readonly TimestampPart[] | undefined;
  /** The data, to be put into the bundle. */
  content?: Uint8Array | undefined;
  label?: string | undefined;
}

/**
 * Builds a bundle from what a node of one's own shows and an index of the chain knows. A node that says what is not so
 * makes a bundle that does not verify, and nothing worse.
 * @throws BropError `proof.unavailable` for a state or block that the node does not have; `proof.invalid` where its
 * answers do not fit together; `chain.unreachable`
 */
export async function buildBundle(ask: Ask, request: BundleRequest): Promise<Bundle> {
  const network = await networkOf(ask);
  const parts = new BlockParts(ask, network.sealed);
  const claim = await placedClaim(parts, request.claim);
  const claimBlock = claim.kind === "block" ? claim.block : claim.at.block;
  const { state, certification } = request;
  if (state !== undefined && state < claimBlock) {
    throw new BropError("proof.unavailable", { block: state, reason: "the state is older than what is claimed" });
  }
  const names = [contractOf(claim), ...(certification === undefined ? [] : ["Certifications", "Partners"])];
  const contracts: ContractPart[] = [];
  for (const name of names) if (name !== undefined) contracts.push(await contractPart(parts, name, request));
  if (state !== undefined) await needState(ask, parts, request, state, claimBlock);
  const asOf = Math.max(claimBlock, state ?? 0, ...stampedBlocks(request), ...listingBlocks(contracts));
  const validators = [];
  if (network.sealed) {
    for (const change of request.changes) if (change.block <= asOf) validators.push(await parts.needLog(change));
  }
  for (const block of stampedBlocks(request)) parts.needBlock(block);
  const hasStatus = state !== undefined && claim.kind !== "event" && claim.kind !== "block";
  return {
    format: BUNDLE_FORMAT,
    version: BUNDLE_VERSION,
    ...(request.label === undefined ? {} : { label: request.label }),
    network,
    asOf,
    claim,
    validators,
    contracts,
    blocks: await parts.collect(),
    ...(hasStatus ? { status: { block: state } } : {}),
    ...(certification !== undefined && state !== undefined
      ? { certification: { block: state, ...certification } }
      : {}),
    ...(request.timestamps === undefined ? {} : { timestamps: request.timestamps }),
    ...(request.content === undefined ? {} : { content: encodeBase64(request.content) }),
  };
}

async function placedClaim(parts: BlockParts, request: ClaimRequest): Promise<Bundle["claim"]> {
  if (request.kind === "block") {
    parts.needBlock(request.block);
    return request;
  }
  const at = await parts.needLog(request.at);
  if (request.kind !== "batch-record") return { ...request, at };
  const { root: _, ...claim } = request;
  return { ...claim, at };
}

/** By the state where one is shown, else by the event. */
async function contractPart(parts: BlockParts, name: string, request: BundleRequest): Promise<ContractPart> {
  const contract = request.contracts.get(name);
  if (contract === undefined) throw new BropError("proof.unavailable", { contract: name, reason: "it is not listed" });
  const address = contract.address.toLowerCase();
  if (request.state === undefined) return { name, address, listed: await parts.needLog(contract.listed) };
  parts.needSlots(request.state, DIRECTORY, [directorySlot(name)]);
  return { name, address, listed: { block: request.state } };
}

async function needState(ask: Ask, parts: BlockParts, request: BundleRequest, state: number, claimBlock: number) {
  const { claim, certification } = request;
  const { address: registry, summary } = VALIDATOR_REGISTRY;
  if (parts.isSealed && summary !== undefined) parts.needSlots(state, registry, [summary.slot]);
  const addressOf = (name: string) => request.contracts.get(name)?.address as string;
  if (claim.kind === "record") {
    const id = recordId(claim.owner, claim.record.digest, claim.record.subject);
    parts.needSlots(state, addressOf("Records"), [recordSlot(id)]);
  } else if (claim.kind === "batch-record") {
    const id = anchorId(claim.owner, claim.root);
    parts.needSlots(state, addressOf("BatchAnchors"), [...anchorSlots(id), leafRevocationSlot(id, claim.index)]);
  }
  if (certification === undefined) return;
  const { account, certifier, recognisedBy } = certification;
  const traces: [name: string, trace: string][] = [
    ["Certifications", certificationTrace(account, certifier)],
    ["Partners", partnerTrace(certifier)],
  ];
  if (recognisedBy !== undefined) traces.push(["Partners", recognitionTrace(recognisedBy, certifier)]);
  for (const [name, trace] of traces) {
    const address = addressOf(name);
    parts.needSlots(state, address, await checkpointSlots(ask, { address, trace, state, block: claimBlock }));
  }
}

function stampedBlocks({ timestamps = [] }: BundleRequest): number[] {
  return timestamps.flatMap(({ stamps }) => (stamps === "claim" ? [] : [stamps.block]));
}

function listingBlocks(contracts: readonly ContractPart[]): number[] {
  return contracts.map(({ listed }) => listed.block);
}

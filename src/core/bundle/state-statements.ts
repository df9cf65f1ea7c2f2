import { anchorId } from "../batch/record-batch.ts";
import { recordId } from "../record-id.ts";
import type { BatchRecordClaim, RecordClaim } from "./bundle.ts";
import { type ShownSlots, shown, valueAt } from "./checkpoints.ts";
import { blockOf, type Shown } from "./claim-statements.ts";
import {
  anchorInSlot,
  anchorSlots,
  certificationIn,
  certificationTrace,
  leafRevocationSlot,
  partnerTrace,
  recognitionTrace,
  recordInSlot,
  recordSlot,
} from "./evidence-slots.ts";
import { contractAt } from "./listed-contracts.ts";
import { BundleFault } from "./reasons.ts";
import { blockAt, storageAt } from "./shown-blocks.ts";

const RECORD_STATUSES = ["none", "valid", "revoked", "superseded"];
const CERTIFICATION_STATUSES = ["none", "active", "suspended", "revoked", "superseded"];
const PARTNER_STATUSES = ["none", "admitted", "suspended", "terminated"];
const NONE = 0;
const ACTIVE = 1;
const TERMINATED = 3;

/** How the record stood after a block: valid, revoked or superseded. @throws BundleFault `status.*`, `state.*` */
export function statusFacts(all: Shown, block: number): Record<string, unknown> {
  const { bundle, blocks } = all;
  const { claim } = bundle;
  if (claim.kind !== "record" && claim.kind !== "batch-record") throw new BundleFault("status.claim");
  if (block < claim.at.block) throw new BundleFault("status.earlier", `block ${block}`);
  const status = claim.kind === "record" ? recordStatus(all, claim, block) : leafStatus(all, claim, block);
  return { status, block, timestamp: blockAt(blocks, block).timestamp };
}

function recordStatus({ blocks, contracts }: Shown, claim: RecordClaim, block: number): string {
  const { owner, responsible, record, at } = claim;
  const slots = storageAt(blocks, block, contractAt(contracts, "Records", at.block));
  const value = shown(slots, recordSlot(recordId(owner, record.digest, record.subject)));
  if (value === 0n) throw new BundleFault("status.unknown");
  const found = recordInSlot(value);
  const isSame =
    found.recordedAt === blockAt(blocks, at.block).timestamp &&
    found.kind === record.kind &&
    found.algorithm === record.algorithm &&
    found.responsible === responsible;
  if (!isSame) throw new BundleFault("status.differs");
  return RECORD_STATUSES[found.status] ?? "unknown";
}

function leafStatus({ blocks, contracts }: Shown, claim: BatchRecordClaim, block: number): string {
  const { owner, responsible, count, index, at } = claim;
  const slots = storageAt(blocks, block, contractAt(contracts, "BatchAnchors", at.block));
  const root = blockAt(blocks, at.block).receipts.get(at.transaction)?.logs[at.log]?.topics[3] as string;
  const id = anchorId(owner, root);
  const [rootSlot, restSlot] = anchorSlots(id);
  const storedRoot = shown(slots, rootSlot);
  const rest = anchorInSlot(shown(slots, restSlot));
  if (storedRoot === 0n) throw new BundleFault("status.unknown");
  const isSame =
    storedRoot === BigInt(root) &&
    rest.anchoredAt === blockAt(blocks, at.block).timestamp &&
    rest.count === count &&
    rest.responsible === responsible;
  if (!isSame) throw new BundleFault("status.differs");
  return shown(slots, leafRevocationSlot(id, index)) === 0n ? "valid" : "revoked";
}

/**
 * What a certifier said of an account, and who recognised that certifier, as of the end of the claim's block.
 * @throws BundleFault `certification.*`, `state.*`, `contract.*`
 */
export function certificationFacts({ bundle, blocks, contracts }: Shown): Record<string, unknown> {
  const { block, account, certifier, recognisedBy } = bundle.certification as NonNullable<typeof bundle.certification>;
  const then = blockOf(bundle.claim);
  if (block < then) throw new BundleFault("status.earlier", `block ${block}`);
  const pages = storageAt(blocks, block, contractAt(contracts, "Certifications", block));
  const partners = storageAt(blocks, block, contractAt(contracts, "Partners", block));
  const said = certificationIn(valueAt(pages, certificationTrace(account, certifier), then));
  const partner = Number(valueAt(partners, partnerTrace(certifier), then) & 0xffn);
  const { timestamp } = blockAt(blocks, then);
  const isLive = said.status === ACTIVE && said.expiresAt > timestamp && partner !== TERMINATED;
  return {
    ...{ account, certifier, asOf: then, level: said.level, isResponsible: said.isResponsible },
    status: CERTIFICATION_STATUSES[said.status] ?? "unknown",
    ...(said.status === NONE ? {} : { issuedAt: said.issuedAt, expiresAt: said.expiresAt }),
    isLive,
    certifierStatus: PARTNER_STATUSES[partner] ?? "unknown",
    ...(recognisedBy === undefined ? {} : recognition(partners, recognisedBy, certifier, then)),
  };
}

/** Level from which a partner recognised a certifier; 0: not at all. */
function recognition(partners: ShownSlots, recognisedBy: string, certifier: string, block: number) {
  return {
    recognisedBy,
    recognisedFromLevel: Number(valueAt(partners, recognitionTrace(recognisedBy, certifier), block)),
  };
}

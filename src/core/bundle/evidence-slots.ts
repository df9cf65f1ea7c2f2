import { word } from "../hex.ts";
import { mappingSlot, slotName } from "../storage-slots.ts";

// Where the contracts of a claim keep what a bundle shows of their state: contracts/storage-layouts.json, which is never
// rearranged. Each is given with the contract's name in Directory.

const RECORDS_SLOT = 0n;
const ANCHORS_SLOT = 0n;
const LEAF_REVOCATIONS_SLOT = 1n;
const CERTIFICATION_PAGES_SLOT = 3n;
const PARTNER_HISTORY_SLOT = 2n;
const RECOGNITION_HISTORY_SLOT = 4n;

/** The record's one slot in `Records`. */
export const recordSlot = (id: string): string => mappingSlot(id, RECORDS_SLOT);

/** The anchor's two slots in `BatchAnchors`: root; time, count and responsible partner. */
export function anchorSlots(id: string): [root: string, rest: string] {
  const first = mappingSlot(id, ANCHORS_SLOT);
  return [first, slotName(BigInt(first) + 1n)];
}

/** In `BatchAnchors`: the stated reason of a leaf's revocation, 0 while it stands. */
export function leafRevocationSlot(id: string, index: number): string {
  return mappingSlot(`0x${word(index)}`, mappingSlot(id, LEAF_REVOCATIONS_SLOT));
}

/** In `Certifications`: the checkpoints of what a certifier said of an account. */
export function certificationTrace(account: string, certifier: string): string {
  return mappingSlot(certifier, mappingSlot(account, CERTIFICATION_PAGES_SLOT));
}

/** In `Partners`: the checkpoints of a partner's status and permissions. */
export const partnerTrace = (partner: string): string => mappingSlot(partner, PARTNER_HISTORY_SLOT);

/** In `Partners`: the checkpoints of the level from which a partner recognises a certifier. */
export function recognitionTrace(partner: string, certifier: string): string {
  return mappingSlot(certifier, mappingSlot(partner, RECOGNITION_HISTORY_SLOT));
}

/** What a record's slot holds: recordedAt (40) | kind (32) | algorithm (16) | status (8) | responsible (160). */
export function recordInSlot(value: bigint) {
  return {
    recordedAt: bits(value, 0n, 40n),
    kind: bits(value, 40n, 32n),
    algorithm: bits(value, 72n, 16n),
    status: bits(value, 88n, 8n),
    responsible: `0x${(value >> 96n).toString(16).padStart(40, "0")}`,
  };
}

/** What an anchor's second slot holds: anchoredAt (40) | count (32) | responsible (160). */
export function anchorInSlot(value: bigint) {
  return {
    anchoredAt: bits(value, 0n, 40n),
    count: bits(value, 40n, 32n),
    responsible: `0x${((value >> 72n) & ((1n << 160n) - 1n)).toString(16).padStart(40, "0")}`,
  };
}

/** What a checkpoint of a certification holds; see `CertificationState`. */
export function certificationIn(value: bigint) {
  return {
    level: bits(value, 0n, 8n),
    status: bits(value, 8n, 8n),
    isResponsible: bits(value, 16n, 8n) !== 0,
    issuedAt: bits(value, 24n, 40n),
    expiresAt: bits(value, 64n, 40n),
  };
}

function bits(value: bigint, start: bigint, length: bigint): number {
  return Number((value >> start) & ((1n << length) - 1n));
}

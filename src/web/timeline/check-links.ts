import { objectId, recordId } from "../../core/record-id.ts";
import type { RegistryObject, TimelineLink } from "../api/types.ts";

/** What is wrong with a link, by its name in the texts (`fault.*`). */
export type LinkFault = "position" | "previous" | "digest" | "identifier";

export type ObjectFault =
  | { readonly kind: "length"; readonly expected: number; readonly found: number }
  | { readonly kind: "head" }
  | { readonly kind: "object" };

export interface TimelineCheck {
  /** Faults by position of the link; sound links have no entry. */
  readonly links: ReadonlyMap<number, readonly LinkFault[]>;
  /** Faults of the whole chain. */
  readonly object: readonly ObjectFault[];
}

/**
 * Checks a chain of records again, without trusting whoever answered the query (EV-4): each link names the digest of the
 * one before it, positions have no gap, IDs follow from what they name, and end and length are as the object's
 * state says.
 * @param links in order, all of them
 */
export function checkLinks(object: RegistryObject, links: readonly TimelineLink[]): TimelineCheck {
  const faults = new Map<number, readonly LinkFault[]>();
  links.forEach((link, index) => {
    const found = faultsOf(object, link, links[index - 1], index === 0 ? 0 : undefined);
    if (found.length > 0) faults.set(link.position, found);
  });
  const whole: ObjectFault[] = [];
  if (object.id !== objectId(object.owner, object.key)) whole.push({ kind: "object" });
  if (links.length !== object.length) whole.push({ kind: "length", expected: object.length, found: links.length });
  const last = links.at(-1);
  if (last && object.head !== null && last.digest !== object.head) whole.push({ kind: "head" });
  return { links: faults, object: whole };
}

function faultsOf(
  object: RegistryObject,
  link: TimelineLink,
  before: TimelineLink | undefined,
  expected: number | undefined,
): LinkFault[] {
  const { record } = link;
  const faults: LinkFault[] = [];
  if (link.position !== (before ? before.position + 1 : expected)) faults.push("position");
  else if ((link.previous ?? null) !== (before?.digest ?? null)) faults.push("previous");
  if (link.digest !== record.digest) faults.push("digest");
  if (record.id !== recordId(record.owner, record.digest, object.id)) faults.push("identifier");
  return faults;
}

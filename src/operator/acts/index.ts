import type { AnyActKind } from "../act-kind.ts";
import { attachBlockToken, registerAuthority, retireAuthority } from "./authorities.ts";
import { executeOrder, reportOrder } from "./orders.ts";
import {
  admitPartner,
  createApplicant,
  publishDocument,
  resumePartner,
  setPermissions,
  suspendPartner,
  terminatePartner,
} from "./partners.ts";
import { deploy, upgrade } from "./platform.ts";
import { assignClass, publishPrices, setBytePrice, setClass } from "./quota.ts";
import { admitSender, removeSender } from "./senders.ts";
import { approveVoucher, refuseVoucher } from "./vouchers.ts";

const ALL: readonly AnyActKind[] = [
  ...[createApplicant, admitPartner, setPermissions, suspendPartner, resumePartner, terminatePartner, publishDocument],
  ...[assignClass, setClass, setBytePrice, publishPrices],
  ...[approveVoucher, refuseVoucher],
  ...[registerAuthority, retireAuthority, attachBlockToken],
  ...[executeOrder, reportOrder],
  ...[admitSender, removeSender],
  ...[deploy, upgrade],
];

/** Everything that the operator can be asked to do, by name. */
export const ACT_KINDS: ReadonlyMap<string, AnyActKind> = new Map(ALL.map((kind) => [kind.name, kind]));

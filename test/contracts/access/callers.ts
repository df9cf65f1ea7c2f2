import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { relayAddress, SEATS } from "../support/platform.ts";
import type { Stage } from "./stage.ts";

/** Who calls. Accounts call as their operations would; Council as its proposals would. */
export const CALLERS = [
  "stranger",
  "operator",
  "admission party",
  "regulator",
  "seat",
  "relay",
  "user",
  "partner",
  "other partner",
  "Council",
  "EntryPoint",
] as const;
export type Caller = (typeof CALLERS)[number];

export function addressOf(p: Stage, caller: Caller): string {
  const addresses: Record<Caller, string> = {
    stranger: p.stranger.address,
    operator: p.operator.address,
    "admission party": p.admissionParty.address,
    regulator: p.regulator.address,
    seat: SEATS[0] ?? "",
    relay: relayAddress,
    user: p.alice.address,
    partner: p.bank.address,
    "other partner": p.dairy.address,
    Council: SYSTEM_ADDRESSES.Council,
    EntryPoint: SYSTEM_ADDRESSES.EntryPoint,
  };
  return addresses[caller];
}

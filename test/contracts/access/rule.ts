import { digestOf } from "../support/actors.ts";
import type { Caller } from "./callers.ts";
import type { Stage } from "./stage.ts";

/** A function's arguments that get it as far as its check, who passes that check, and how the others are refused. */
export interface Rule {
  args: readonly unknown[];
  may: readonly Caller[] | "everybody";
  /** Errors that say "not you". */
  refusal: readonly string[];
  /** Callers who may, but are refused here for another reason of the same name. */
  blocked?: readonly Caller[];
}

/** The rules of one contract: every function that changes state. `expiry` lies in the future, in seconds. */
export type Rules = (stage: Stage, expiry: number) => Record<string, Rule>;

type Who = Pick<Rule, "may" | "refusal">;

export const GROUND = digestOf("ground");
export const COUNCIL_ONLY: Who = { may: ["Council"], refusal: ["UnauthorisedNotCouncil"] };
export const OPERATOR_ONLY: Who = { may: ["operator"], refusal: ["Unauthorised"] };
/** Only Orders, while it executes an order: it is none of the callers. */
export const ORDER_ONLY: Who = { may: [], refusal: ["UnauthorisedNotOrder"] };
export const ADMISSION: Who = { may: ["operator", "admission party"], refusal: ["Unauthorised"] };
/** Set up once, in genesis or at deployment. */
export const CLOSED: Who = { may: [], refusal: ["UnauthorisedNotCouncil"] };
export const EVIDENCE: Who = { may: ["user", "partner", "other partner"], refusal: ["CertificationNotPermitted"] };
export const PARTNERS = ["partner", "other partner"] as const;

/** Of every contract behind a proxy. */
export const upgradeToAndCall = (stage: Stage): Rule => ({ args: [stage.addresses.Account, "0x"], ...COUNCIL_ONLY });

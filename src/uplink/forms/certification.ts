import { getAddress } from "ethers";
import { BropError } from "../../core/errors.ts";
import { LEVELS, type LevelName, levelNumber } from "../../core/levels.ts";
import type { Form } from "../form.ts";
import type { ContractBook } from "./contract-book.ts";

/** A certification of an account by the acting partner (ID-3). */
export interface CertificationRequest {
  /** The account that is certified. */
  holder: string;
  /** Name of a level, or its number. */
  level: string | number;
  /** ISO 8601, or seconds since 1970. */
  expiresAt: string | number;
  /** SSZ root of the salted identity fields. */
  digest: string;
  /** Whether the partner answers for the evidence of an anonymous account. */
  responsible?: boolean | undefined;
}

/** What a partner does with its own certification. */
export const CERTIFICATION_STEPS = { suspensions: "suspend", resumptions: "resume", revocations: "revoke" } as const;
export type CertificationStep = keyof typeof CERTIFICATION_STEPS;

/** Certifies, renews, raises or lowers. @throws BropError `request.invalid` */
export async function certificationForm(book: ContractBook, request: CertificationRequest): Promise<Form> {
  const { level, digest, responsible = false } = request;
  const holder = getAddress(request.holder.toLowerCase());
  const number = typeof level === "string" && /^\d+$/.test(level) ? Number(level) : level;
  const expiresAt = secondsOf(request.expiresAt);
  const values = [holder, levelNumber(number as LevelName | number), responsible, expiresAt, digest];
  const { address, interface: abi } = await book.find("Certifications");
  return {
    kind: "certification",
    calls: [{ target: address, data: abi.encodeFunctionData("certify", values) }],
    content: { holder, level: Number(values[1]), expiresAt: new Date(expiresAt * 1_000).toISOString() },
  };
}

/** Suspends, resumes or revokes a certification. @param ground digest of the stated ground */
export async function certificationStepForm(
  book: ContractBook,
  step: CertificationStep,
  account: string,
  ground: string,
): Promise<Form> {
  const { address, interface: abi } = await book.find("Certifications");
  const name = CERTIFICATION_STEPS[step];
  const holder = getAddress(account.toLowerCase());
  return {
    kind: `certification-${name}`,
    calls: [{ target: address, data: abi.encodeFunctionData(name, [holder, ground]) }],
    content: { holder, ground: ground.toLowerCase() },
  };
}

/** Names of levels, for descriptions. */
export const LEVEL_NAMES = Object.keys(LEVELS);

/** Largest number of seconds that the contract keeps (40 bits). */
const MOST_SECONDS = 2 ** 40 - 1;

function secondsOf(time: string | number): number {
  const seconds = typeof time === "number" ? time : Math.floor(Date.parse(time) / 1_000);
  if (Number.isSafeInteger(seconds) && seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  const reason = "must be a time (ISO 8601) or seconds since 1970";
  throw new BropError("request.invalid", { field: "expiresAt", value: time, reason });
}

import { encodeBytes32String } from "ethers";
import { BropError } from "../../core/errors.ts";
import {
  type Level,
  levelNumber,
  PARTNER_AGREEMENT,
  PARTNER_QUOTA_CLASS,
  type PartnerPermission,
  permissionBits,
} from "../../sdk/index.ts";
import type { ActContext, ActKind, Step } from "../act-kind.ts";
import { eventArgument, oneCall, operatorCall } from "./make.ts";

export { LEVELS, PARTNER_PERMISSIONS } from "../../sdk/index.ts";

/** `ICertifications.Status` of one that is in force. */
const ACTIVE = 1n;
const NOT_A_PARTNER = 0n;

export interface Admission {
  account: string;
  name: string;
  permissions: PartnerPermission[];
  /** Name of the legal document that the institution has signed. */
  document?: string;
  quotaClass?: number;
  level?: Level;
  /** Digest of the salted identity data. */
  digest: string;
  /** Seconds since 1970. */
  expiresAt: number;
}

/**
 * Makes an institution a partner that has signed the legal document as applicant: admission, certification, quota class.
 * What stands already is left out, so that an admission that ended half-way is completed by asking again.
 */
export const admitPartner: ActKind<Admission> = {
  name: "partner.admit",
  async steps(input, at) {
    const { account, name, level = "digital-certificate", quotaClass = PARTNER_QUOTA_CLASS } = input;
    const document = nameBytes(input.document ?? PARTNER_AGREEMENT, "document");
    const bits = permissionBits(input.permissions);
    const steps: Step[] = [];
    const partner = await (await at.contract("Partners")).getFunction("partner")(account);
    const isAsAsked = partner.name === name && partner.permissions === BigInt(bits) && partner.document === document;
    if (partner.status === NOT_A_PARTNER || !isAsAsked) {
      const values = [account, bits, document, name];
      steps.push(await operatorCall(at, `${name} is admitted`, "Partners", "admit", values));
    }
    const terms = { account, level, digest: input.digest, expiresAt: input.expiresAt };
    steps.push(...(await certifySteps(at, terms, `${name} is certified`)));
    if ((await (await at.contract("Quota")).getFunction("classOf")(account)) !== BigInt(quotaClass)) {
      const what = `${name} gets quota class ${quotaClass}`;
      steps.push(await operatorCall(at, what, "Quota", "assignClass", [account, quotaClass]));
    }
    return steps;
  },
};

export interface Applicant {
  /** The institution's signer as accounts keep it (ERC-7913). */
  signer: string;
  salt: string;
  digest: string;
  expiresAt: number;
}

/** Creates an institution's account and certifies it as applicant: it can sign legal documents, and nothing else. */
export const createApplicant: ActKind<Applicant> = {
  name: "applicant.create",
  async steps({ signer, salt, digest, expiresAt }, at) {
    const account = await applicantAddress(at, signer, salt);
    const steps: Step[] = [];
    if ((await at.provider.getCode(account)) === "0x") {
      steps.push(
        await operatorCall(at, `The account ${account} is created`, "AccountFactory", "create", [signer, salt]),
      );
    }
    const terms = { account, level: "applicant" as const, digest, expiresAt };
    return [...steps, ...(await certifySteps(at, terms, "It is certified as applicant"))];
  },
  result: async ({ signer, salt }, at) => ({ account: await applicantAddress(at, signer, salt) }),
};

export const setPermissions = oneCall<{ account: string; permissions: PartnerPermission[] }>(
  "partner.permissions",
  ({ account, permissions }, at) => {
    const what = `${account} may: ${permissions.join(", ") || "nothing"}`;
    return operatorCall(at, what, "Partners", "setPermissions", [account, permissionBits(permissions)]);
  },
);

export interface Grounded {
  account: string;
  /** Digest of the stated ground, which is kept on chain (GO-2). */
  ground: string;
}

const withGround = (name: string, method: string, words: string) =>
  oneCall<Grounded>(name, ({ account, ground }, at) =>
    operatorCall(at, `${account} is ${words}`, "Partners", method, [account, ground]),
  );

export const suspendPartner = withGround("partner.suspend", "suspend", "suspended");
export const resumePartner = withGround("partner.resume", "reinstate", "reinstated");
export const terminatePartner = withGround("partner.terminate", "terminate", "terminated");

export interface Publication {
  /** Name of the document, ASCII, at most 31 characters. */
  document: string;
  /** SHA-256 of its text. */
  digest: string;
  location: string;
}

/** Publishes a legal document, or its next version. */
export const publishDocument = oneCall<Publication>(
  "document.publish",
  ({ document, digest, location }, at) => {
    const values = [nameBytes(document, "document"), digest, location];
    return operatorCall(at, `${document} is published`, "LegalDocuments", "publish", values);
  },
  async (_, __, logs) => ({ version: Number(eventArgument(logs, "LegalDocuments", "DocumentPublished", "version")) }),
);

async function certifySteps(
  at: ActContext,
  { account, level, digest, expiresAt }: { account: string; level: Level; digest: string; expiresAt: number },
  what: string,
): Promise<Step[]> {
  const number = levelNumber(level);
  const certifications = await at.contract("Certifications");
  const known = await certifications.getFunction("certification")(account, at.operator);
  const isTold =
    known.level === BigInt(number) && known.expiresAt === BigInt(expiresAt) && known.digest === digest.toLowerCase();
  if (isTold && known.status === ACTIVE) return [];
  const values = [account, number, false, expiresAt, digest];
  return [await operatorCall(at, what, "Certifications", "certify", values)];
}

async function applicantAddress(at: ActContext, signer: string, salt: string): Promise<string> {
  return (await at.contract("AccountFactory")).getFunction("addressOf")(at.operator, signer, salt);
}

/** @throws BropError `request.invalid` */
export function nameBytes(name: string, field: string): string {
  try {
    return encodeBytes32String(name);
  } catch {
    throw new BropError("request.invalid", { field, reason: "must have at most 31 bytes", value: name });
  }
}

import { encodeBytes32String, hexlify, randomBytes, type Signer, toUtf8Bytes } from "ethers";
import { digestBytes } from "../core/digest.ts";
import { BropError } from "../core/errors.ts";
import { bytesToHex, isHexBytes } from "../core/hex.ts";
import { type Level, levelNumber, type PartnerPermission, permissionBits } from "../core/levels.ts";
import { bytes32, type Digest32 } from "../core/record-input.ts";
import type { Account } from "./account.ts";
import type { Brop } from "./connect.ts";
import { bropErrorFrom } from "./errors.ts";
import type { Owner } from "./owner.ts";

// How an institution becomes a partner (GO-1), step by step as the parties do it, and how a partner's users get their
// accounts. The operator and admission parties act with a key of their own, everybody else with an account.

/** The document that partners sign. */
export const PARTNER_AGREEMENT = "partner-agreement";
/** Quota class that partners get; the classes are in the genesis parameters and Council's to change. */
export const PARTNER_QUOTA_CLASS = 16;

/** Most points a day that a sponsorship can have (48 bits). */
const UNLIMITED_POINTS = 2 ** 48 - 1;

/** What a certification says besides its level. */
export interface CertificationTerms {
  /** Digest of the salted identity data (ID-4). */
  digest: Digest32;
  /** When it ends: a time, or seconds since 1970. */
  expiresAt: Date | number;
}

/** Somebody's signer as accounts keep it (ERC-7913): an address, or a verifier's address and a key. */
export type SignerBytes = string;

/**
 * An admission party publishes a document, or its next version.
 * @param document.text the text itself, of which the SHA-256 goes on chain
 * @returns the version's number
 */
export async function publishDocument(
  brop: Brop,
  admissionParty: Signer,
  document: { name?: string; text: Uint8Array | string; location: string },
): Promise<number> {
  const { name = PARTNER_AGREEMENT, text, location } = document;
  const id = documentId(name);
  const bytes = typeof text === "string" ? toUtf8Bytes(text) : text;
  const { legalDocuments } = brop.contracts;
  await direct(brop, admissionParty, async (sender) =>
    legalDocuments.connect(sender).publish(id, bytesToHex(digestBytes(bytes)), location),
  );
  return Number(await legalDocuments.inForce(id));
}

/**
 * An admission party creates an institution's account and certifies it as applicant: it can sign documents now, and
 * nothing else.
 * @returns the account's address
 */
export async function createApplicant(
  brop: Brop,
  admissionParty: Signer,
  applicant: CertificationTerms & { signer: SignerBytes; salt?: string },
): Promise<string> {
  const { accountFactory } = brop.contracts;
  const { signer, salt = randomSalt() } = applicant;
  const address = await accountFactory.addressOf(await admissionParty.getAddress(), signer, salt);
  await direct(brop, admissionParty, (sender) => accountFactory.connect(sender).create(signer, salt));
  await certifyDirectly(brop, admissionParty, address, "applicant", applicant);
  return address;
}

/**
 * An institution signs the document in force with its account's key.
 * @param copy.digest SHA-256 of the signed copy (a scan or a signed PDF)
 * @param copy.location where that copy can be had
 */
export async function signDocument(
  brop: Brop,
  account: Account,
  copy: { document?: string; digest: Digest32; location: string },
): Promise<void> {
  const { legalDocuments } = brop.contracts;
  const document = documentId(copy.document ?? PARTNER_AGREEMENT);
  const version = await legalDocuments.inForce(document);
  if (version === 0n) {
    throw new BropError("resource.not-found", { document: copy.document ?? PARTNER_AGREEMENT });
  }
  const { digest } = await legalDocuments.versionOf(document, version);
  const signedDigest = bytes32(copy.digest, "digest");
  const signature = await account.signTypedData(
    {
      name: "BROP LegalDocuments",
      version: "1",
      chainId: brop.chainId,
      verifyingContract: brop.addresses.legalDocuments,
    },
    {
      LegalDocument: [
        { name: "document", type: "bytes32" },
        { name: "version", type: "uint32" },
        { name: "digest", type: "bytes32" },
        { name: "signedDigest", type: "bytes32" },
        { name: "account", type: "address" },
      ],
    },
    { document, version, digest, signedDigest, account: account.address },
  );
  const response = await legalDocuments
    .connect(account)
    .sign(document, version, signedDigest, copy.location, signature);
  await response.wait();
}

/** An admission party admits an institution that has signed, certifies it fully and gives it a partner's quota. */
export async function admitApplicant(
  brop: Brop,
  admissionParty: Signer,
  applicant: CertificationTerms & {
    account: string;
    name: string;
    permissions: readonly PartnerPermission[];
    document?: string;
    level?: Level;
    quotaClass?: number;
  },
): Promise<void> {
  const { account, name, permissions, level = "digital-certificate", quotaClass = PARTNER_QUOTA_CLASS } = applicant;
  const document = documentId(applicant.document ?? PARTNER_AGREEMENT);
  const bits = permissionBits(permissions);
  const { partners, quota } = brop.contracts;
  await direct(brop, admissionParty, (sender) => partners.connect(sender).admit(account, bits, document, name));
  await certifyDirectly(brop, admissionParty, account, level, applicant);
  await direct(brop, admissionParty, (sender) => quota.connect(sender).assignClass(account, quotaClass));
}

/** A user to certify. */
export interface UserDescription extends CertificationTerms {
  level: Level;
  /** Whether the partner answers for the account's evidence (level anonymous). */
  responsible?: boolean;
  /** Whether the partner's points pay for the account's operations: without a limit, or up to so many points a day. */
  sponsored?: boolean | number;
}

/**
 * A partner creates an account and certifies it, in one operation.
 * @param user.signer the user's key as accounts keep it; for an Ethereum key, its address
 * @returns the account's address
 */
export async function createUser(
  brop: Brop,
  partner: Account,
  user: UserDescription & { signer: SignerBytes; salt?: string },
): Promise<string> {
  const { accountFactory } = brop.contracts;
  const { signer, salt = randomSalt() } = user;
  if (!isHexBytes(signer) || signer.length < 42) {
    throw new BropError("request.invalid", { field: "signer", reason: "must be an address, or an address and a key" });
  }
  const address = await accountFactory.addressOf(partner.address, signer, salt);
  const create = accountFactory.interface.encodeFunctionData("create", [signer, salt]);
  const response = await partner.sendCalls([
    { to: brop.addresses.accountFactory, data: create },
    ...certificationCalls(brop, address, user),
  ]);
  await response.wait();
  return address;
}

/** A partner certifies an account that exists, or renews, raises or lowers its own certification. */
export async function certifyUser(brop: Brop, partner: Account, account: string, user: UserDescription): Promise<void> {
  const response = await partner.sendCalls(certificationCalls(brop, account, user));
  await response.wait();
}

/**
 * All steps from nothing to an admitted partner, for whoever has both keys at hand: development and demonstrations.
 * @returns the institution's account
 */
export async function establishPartner(
  brop: Brop,
  operator: Signer,
  institution: {
    owner: Owner;
    /** By default the address of the owner's key. */
    signer?: SignerBytes;
    name: string;
    permissions?: readonly PartnerPermission[];
    expiresAt: Date | number;
    /** Digest of the institution's salted identity data. */
    digest: Digest32;
    /** The copy that it signed. */
    copy: { digest: Digest32; location: string };
  },
): Promise<Account> {
  const { owner, name, permissions = ["identity", "evidence", "vouchers"], copy, ...terms } = institution;
  const signer = institution.signer ?? (await addressOf(owner));
  const address = await createApplicant(brop, operator, { ...terms, signer });
  const account = brop.account(address, owner);
  await signDocument(brop, account, copy);
  await admitApplicant(brop, operator, { account: address, name, permissions, ...terms });
  return account;
}

function certificationCalls(brop: Brop, account: string, user: UserDescription) {
  const { certifications, quota } = brop.contracts;
  const values = [
    account,
    levelNumber(user.level),
    user.responsible ?? false,
    secondsOf(user.expiresAt),
    bytes32(user.digest, "digest"),
  ] as const;
  const certify = certifications.interface.encodeFunctionData("certify", [...values]);
  const calls = [{ to: brop.addresses.certifications, data: certify }];
  if (user.sponsored) {
    const limit = user.sponsored === true ? UNLIMITED_POINTS : user.sponsored;
    const data = quota.interface.encodeFunctionData("sponsor", [account, limit]);
    calls.push({ to: brop.addresses.quota, data });
  }
  return calls;
}

async function certifyDirectly(
  brop: Brop,
  certifier: Signer,
  account: string,
  level: Level,
  { digest, expiresAt }: CertificationTerms,
): Promise<void> {
  const { certifications } = brop.contracts;
  const number = levelNumber(level);
  await direct(brop, certifier, (sender) =>
    certifications.connect(sender).certify(account, number, false, secondsOf(expiresAt), bytes32(digest, "digest")),
  );
}

/** Sends a transaction with the sender's own key and waits for it. */
async function direct(
  brop: Brop,
  sender: Signer,
  send: (sender: Signer) => Promise<{ wait(): Promise<unknown> }>,
): Promise<void> {
  try {
    const response = await send(sender.provider === null ? sender.connect(brop.provider) : sender);
    await response.wait();
  } catch (error) {
    throw bropErrorFrom(error);
  }
}

async function addressOf(owner: Owner): Promise<string> {
  if ("getAddress" in owner) return owner.getAddress();
  throw new BropError("request.invalid", { field: "signer", reason: "must be given for a key that has no address" });
}

function documentId(name: string): string {
  try {
    return encodeBytes32String(name);
  } catch {
    throw new BropError("request.invalid", { field: "document", reason: "must have at most 31 bytes", value: name });
  }
}

function secondsOf(time: Date | number): number {
  const seconds = typeof time === "number" ? time : Math.floor(time.getTime() / 1000);
  if (Number.isSafeInteger(seconds) && seconds > 0) return seconds;
  throw new BropError("request.invalid", { field: "expiresAt", reason: "must be a time or seconds since 1970" });
}

function randomSalt(): string {
  return hexlify(randomBytes(32));
}

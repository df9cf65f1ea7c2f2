import { type BaseContract, encodeBytes32String, type Wallet, ZeroHash } from "ethers";
import type { Call } from "../../../src/core/execution.ts";
import type { UserOperation } from "../../../src/core/user-operation.ts";
import { digestOf, walletOf } from "./actors.ts";
import { networkHelpers, now } from "./chain.ts";
import { startFrom } from "./fixtures.ts";
import { type BundleResult, callOf, expectExecuted, operate } from "./operations.ts";
import { personalSignature } from "./personal-signature.ts";
import { AGREEMENT, accountAt, type Platform, platform } from "./platform.ts";

/** Rows of the level table at the start. */
export const LEVEL = { applicant: 1, registered: 2, anonymous: 3, phone: 4, realName: 5, certificate: 6 } as const;
/** Bits of `PartnerPermissions`. */
export const PARTNER = { identity: 1, evidence: 2, vouchers: 4, custody: 8 } as const;
const ALL_PERMISSIONS = 15;
/** Blocks after which every quota class of the genesis allocation has its next grant. */
export const QUOTA_PERIOD = 20;
const YEAR = 365 * 24 * 3600;

/** Somebody with an account and the key to it. */
export class Participant {
  readonly address: string;
  readonly wallet: Wallet;

  constructor(address: string, wallet: Wallet) {
    this.address = address;
    this.wallet = wallet;
  }

  /** Calls one function by a user operation. */
  async call(contract: BaseContract, name: string, args: readonly unknown[]): Promise<BundleResult> {
    return this.operate([callOf(contract, name, args)]);
  }

  /** Makes a batch of calls by one user operation. */
  async operate(calls: readonly Call[], changes?: Partial<UserOperation>): Promise<BundleResult> {
    return operate(this.address, this.wallet, calls, changes);
  }
}

/** The platform with three partners and users certified by two of them. */
export type Town = Awaited<ReturnType<typeof settleTown>>;

export async function town(): Promise<Town> {
  return startFrom(settleTown);
}

async function settleTown() {
  const p = await platform();
  await publishAgreement(p);
  const bank = await makePartner(p, "bank");
  const dairy = await makePartner(p, "dairy");
  const school = await makePartner(p, "school", PARTNER.evidence);
  // The grants of the partners' own class come with the end of a period.
  await networkHelpers.mine(QUOTA_PERIOD);
  return {
    ...p,
    bank,
    dairy,
    school,
    alice: await makeUser(p, bank, "alice"),
    bob: await makeUser(p, bank, "bob"),
    carol: await makeUser(p, dairy, "carol", LEVEL.phone),
  };
}

/** Publishes the document that partners sign, or its next version. */
export async function publishAgreement({ legalDocuments, operator }: Platform, text = "agreement"): Promise<void> {
  await legalDocuments.connect(operator).publish(AGREEMENT, digestOf(text), `https://example.org/${text}`);
}

/** Creates an institution's account and certifies it as applicant, as the admission party does (GO-1). */
export async function makeApplicant(p: Platform, name: string): Promise<Participant> {
  const wallet = walletOf(name);
  const salt = encodeBytes32String(name);
  const { operator, accountFactory, certifications } = p;
  const address = await accountFactory.addressOf(operator.address, wallet.address, salt);
  await accountFactory.connect(operator).create(wallet.address, salt);
  await certifications
    .connect(operator)
    .certify(address, LEVEL.applicant, false, (await now()) + YEAR, digestOf(`${name} applies`));
  return new Participant(address, wallet);
}

/** Lets an account sign the agreement in force. */
export async function signAgreement(p: Platform, account: Participant): Promise<BundleResult> {
  const { legalDocuments } = p;
  const version = await legalDocuments.inForce(AGREEMENT);
  const copy = digestOf(`signed by ${account.address}`);
  const digest = await legalDocuments.signingDigest(AGREEMENT, version, copy, account.address);
  const signature = personalSignature(account.address, digest, account.wallet);
  return account.call(legalDocuments, "sign", [AGREEMENT, version, copy, "https://example.org/copy", signature]);
}

/** Takes an institution all the way from nothing to an admitted partner with a quota of its own. */
export async function makePartner(p: Platform, name: string, permissions = ALL_PERMISSIONS): Promise<Participant> {
  const applicant = await makeApplicant(p, name);
  expectExecuted(await signAgreement(p, applicant));
  const { operator, partners, certifications, quota } = p;
  await partners.connect(operator).admit(applicant.address, permissions, AGREEMENT, name);
  const expiry = (await now()) + YEAR;
  await certifications.connect(operator).certify(applicant.address, LEVEL.certificate, false, expiry, digestOf(name));
  await quota.connect(operator).assignClass(applicant.address, 16);
  return applicant;
}

/** What a test may want different about a user. */
export interface UserOptions {
  responsible?: boolean;
  /** Seconds until the certification expires. */
  lifetime?: number;
}

/** Lets a partner create and certify an account for a user in one operation. */
export async function makeUser(
  p: Platform,
  partner: Participant,
  name: string,
  level: number = LEVEL.realName,
  { responsible = false, lifetime = YEAR }: UserOptions = {},
): Promise<Participant> {
  const wallet = walletOf(name);
  const { accountFactory, certifications } = p;
  const address = await accountFactory.addressOf(partner.address, wallet.address, ZeroHash);
  const expiry = (await now()) + lifetime;
  const calls = [
    callOf(accountFactory, "create", [wallet.address, ZeroHash]),
    callOf(certifications, "certify", [address, level, responsible, expiry, digestOf(name)]),
  ];
  expectExecuted(await partner.operate(calls));
  return new Participant(address, wallet);
}

/** Lets a partner certify an account. */
export async function certify(
  p: Platform,
  partner: Participant,
  account: Participant,
  level: number,
  { responsible = false, lifetime = YEAR }: UserOptions = {},
): Promise<BundleResult> {
  const expiry = (await now()) + lifetime;
  const digest = digestOf(`${partner.address} on ${account.address}`);
  return partner.call(p.certifications, "certify", [account.address, level, responsible, expiry, digest]);
}

/** The signer of a participant's account now. */
export async function signerOf(account: Participant): Promise<string> {
  return accountAt(account.address).getFunction("signer")();
}

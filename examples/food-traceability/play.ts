import type { Account } from "../../src/sdk/index.ts";
import { type Document, readDocuments } from "./documents.ts";
import { openLot, recordStory } from "./evidence.ts";
import { fillFolder } from "./folder.ts";
import { institution } from "./institutions.ts";
import { person } from "./people.ts";
import { bar } from "./progress.ts";
import { paidStep, type Stage } from "./stage.ts";
import { CONSUMERS, type Consumer, INSTITUTIONS, PRODUCT, ROLES, type Role } from "./story.ts";
import { type CouponResult, issueCoupons } from "./voucher.ts";

/** What the institutions leave behind. */
export interface Played {
  /** Identifier of the lot's object: what the code on the tin says. */
  object: string;
  documents: Document[];
  partners: Record<Role, string>;
  coupons: CouponResult;
}

/**
 * The story up to the till: institutions become partners, certify their people, record the lot's evidence and issue a
 * coupon. What does not depend on each other goes on at once.
 *
 * @param folder where the institutions' documents of this lot are put
 */
export async function play(stage: Stage, folder: string, lot: string): Promise<Played> {
  const { progress } = stage;
  progress.act("1  Five institutions become partners, and certify their people");
  const [partners, documents] = await Promise.all([
    forEach(ROLES, (role) => institution(stage, role)),
    prepare(stage, folder, lot),
  ]);
  const clerks = await forEach(ROLES, (role) =>
    person(stage, `tea-${role}-clerk`, INSTITUTIONS[role].clerk, { role, account: partners[role] }),
  );

  progress.act(`2  The evidence of lot ${lot} is recorded, link by link; a coupon on the tea goes round`);
  const [object, coupons] = await Promise.all([
    record(stage, partners.cooperative, clerks, documents, lot),
    giveCoupons(stage, partners),
  ]);
  const addresses = Object.fromEntries(ROLES.map((role) => [role, partners[role].address]));
  return { object, documents, partners: addresses as Record<Role, string>, coupons };
}

async function record(
  stage: Stage,
  owner: Account,
  clerks: Record<Role, Account>,
  documents: readonly Document[],
  lot: string,
): Promise<string> {
  const object = await paidStep(stage, "Mist Valley Tea Cooperative opens the lot for the other four", () =>
    openLot(stage, owner, Object.values(clerks), lot),
  );
  await recordStory(stage, object, clerks, documents);
  return object;
}

async function giveCoupons(stage: Stage, partners: Record<Role, Account>): Promise<CouponResult> {
  const consumers = await forEach(Object.keys(CONSUMERS) as Consumer[], (name) => {
    const { certifier, ...described } = CONSUMERS[name];
    return person(stage, `tea-consumer-${name}`, described, { role: certifier, account: partners[certifier] });
  });
  return issueCoupons(stage, partners.supermarket, partners.cooperative, consumers);
}

/** The documents of the lot, made and digested; 110 MB of them are a recording. */
async function prepare({ progress }: Stage, folder: string, lot: string): Promise<Document[]> {
  await progress.step(`Documents of lot ${lot} of ${PRODUCT}`, () => fillFolder(folder, lot));
  return progress.step("Digests of the documents", (show) =>
    readDocuments(folder, (file, done, total) => show(`${file} ${bar(done, total)}`)),
  );
}

async function forEach<Name extends string>(
  names: readonly Name[],
  make: (name: Name) => Promise<Account>,
): Promise<Record<Name, Account>> {
  const made = await Promise.all(names.map(async (name) => [name, await make(name)] as const));
  return Object.fromEntries(made) as Record<Name, Account>;
}

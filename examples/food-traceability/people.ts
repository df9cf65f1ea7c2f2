import { type Account, type Brop, createUser, LEVELS } from "../../src/sdk/index.ts";
import { identityDigest, inAYear } from "./identity.ts";
import { keyNamed, paidStep, type Stage } from "./stage.ts";
import { INSTITUTIONS, type Person, type Role } from "./story.ts";

/** The account of a person at level RealName (ID-3), who is certified by a partner unless that happened already. */
export async function person(
  stage: Stage,
  key: string,
  { name, card }: Person,
  certifier: { account: Account; role: Role },
): Promise<Account> {
  const { brop, keys } = stage;
  const owner = await keyNamed(keys, key);
  const known = (await keys.get(key)).account;
  if (known !== undefined && (await isCertified(brop, known, certifier.account))) return brop.account(known, owner);

  return paidStep(stage, `${INSTITUTIONS[certifier.role].name} certifies ${name} by name`, async () => {
    const address = await createUser(brop, certifier.account, {
      signer: owner.address,
      level: "real-name",
      ...identityDigest({ name, card }),
      expiresAt: inAYear(),
    });
    await keys.setAccount(key, address);
    return brop.account(address, owner);
  });
}

/** Whether that very partner says so, and it has neither ended nor been withdrawn. */
async function isCertified(brop: Brop, account: string, certifier: Account): Promise<boolean> {
  const { level, status, expiresAt } = await brop.contracts.certifications.certification(account, certifier.address);
  const isActive = status === 1n;
  return isActive && level === BigInt(LEVELS["real-name"]) && Number(expiresAt) * 1000 > Date.now();
}

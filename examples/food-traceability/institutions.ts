import { type Account, digestBytes, establishPartner } from "../../src/sdk/index.ts";
import { identityDigest, inAYear } from "./identity.ts";
import { keyNamed, type Stage } from "./stage.ts";
import { INSTITUTIONS, type Role } from "./story.ts";

/**
 * The account of an institution that is a partner. On the first run it becomes one (GO-1): the operator creates the
 * account as applicant, the institution signs the partner agreement with it, and the operator admits it.
 */
export async function institution({ brop, keys, operator, progress }: Stage, role: Role): Promise<Account> {
  const key = `tea-${role}`;
  const owner = await keyNamed(keys, key);
  const known = (await keys.get(key)).account;
  const { name } = INSTITUTIONS[role];
  if (known !== undefined && (await brop.contracts.partners.isAdmitted(known))) {
    progress.note(`${name} is a partner already`);
    return brop.account(known, owner);
  }
  return progress.step(`${name} signs the partner agreement and is admitted`, async () => {
    const signedCopy = new TextEncoder().encode(`Partner agreement, signed and sealed by ${name}`);
    const account = await establishPartner(brop, operator, {
      owner,
      name,
      ...identityDigest({ name }),
      expiresAt: inAYear(),
      copy: { digest: digestBytes(signedCopy), location: `https://${role}.example/partner-agreement.pdf` },
    });
    await keys.setAccount(key, account.address);
    return account;
  });
}

import { getAddress, isAddress } from "ethers";
import { formatAccountId } from "../../core/account-id.ts";
import { certifyUser, createUser, type LevelName } from "../../sdk/index.ts";
import { resolveAccount } from "../accounts.ts";
import { inDays } from "../arguments.ts";
import { identityDigest } from "../identity.ts";
import type { IdentityOptions } from "../identity-options.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

interface CertifyOptions extends IdentityOptions {
  level: LevelName;
  days: number;
  responsible?: boolean;
  sponsor?: boolean;
}

export async function certify(session: Session, user: string, options: CertifyOptions): Promise<void> {
  const { level, days, responsible = false, sponsor = false } = options;
  const partner = await session.actor();
  const { signer, key, account: known } = await findUser(session, user);
  const brop = await session.brop();
  const digest = await identityDigest(session, options);
  const terms = { digest, expiresAt: inDays(days), level, responsible, sponsored: sponsor };
  const account = await session.step(`${user} is certified`, async () => {
    if (known === undefined) return createUser(brop, partner, { ...terms, signer: signer as string });
    await certifyUser(brop, partner, known, terms);
    return known;
  });
  if (key !== undefined) await session.keys.setAccount(key, account);
  const id = formatAccountId(await brop.contracts.accountFactory.idOf(account));
  const created = known === undefined;
  const result = { account, id, created, level, certifier: partner.address, expiresAt: terms.expiresAt, digest };
  session.output.result(result, (paint) =>
    [
      `${paint.green("✓")} ${paint.bold(created ? "Account created and certified" : "Certified")}`,
      details([
        ["account", account],
        ["account ID", id],
        ["level", level],
        ["expires", terms.expiresAt.toISOString()],
      ]),
    ].join("\n"),
  );
}

/** Whom to certify: an account, or a key that gets one. */
async function findUser(
  session: Session,
  user: string,
): Promise<{ account?: string | undefined; signer?: string; key?: string }> {
  if (isAddress(user)) {
    const { accountFactory } = (await session.brop()).contracts;
    const address = getAddress(user);
    return (await accountFactory.isAccount(address)) ? { account: address } : { signer: address };
  }
  if (/^[\d\s-]+$/.test(user)) return { account: await resolveAccount(session, user) };
  const { address, account } = await session.keys.get(user);
  return { signer: address, account, key: user };
}

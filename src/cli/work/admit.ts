import { basename } from "node:path";
import { encodeBytes32String } from "ethers";
import { digestFile } from "../../core/digest.node.ts";
import { BropError } from "../../core/errors.ts";
import {
  admitApplicant,
  type Brop,
  createApplicant,
  PARTNER_AGREEMENT,
  type PartnerPermission,
  signDocument,
} from "../../sdk/index.ts";
import { inDays } from "../arguments.ts";
import { identityDigest } from "../identity.ts";
import type { IdentityOptions } from "../identity-options.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

interface AdmitOptions extends IdentityOptions {
  name: string;
  copy: string;
  location?: string;
  permissions: PartnerPermission[];
  days: number;
}

const ADMITTED = 1n;

export async function admit(session: Session, key: string, options: AdmitOptions): Promise<void> {
  const { name, permissions, days } = options;
  const copy = { digest: await digestFile(options.copy), location: options.location ?? basename(options.copy) };
  const owner = await session.wallet(key);
  const [brop, operator] = await Promise.all([session.brop(), session.operator()]);
  const known = (await session.keys.get(key)).account;
  if (known !== undefined) await refuseKnown(brop, known);
  const terms = { digest: await identityDigest(session, options), expiresAt: inDays(days) };

  const address =
    known ??
    (await session.step(`The account of ${name} is created, as applicant`, () =>
      createApplicant(brop, operator, { ...terms, signer: owner.address }),
    ));
  if (known === undefined) await session.keys.setAccount(key, address);
  const account = brop.account(address, owner);
  if (!(await brop.contracts.legalDocuments.hasSigned(encodeBytes32String(PARTNER_AGREEMENT), address))) {
    await session.step(`${name} signs the partner agreement`, () => signDocument(brop, account, copy));
  }
  await session.step(`${name} is admitted as partner`, () =>
    admitApplicant(brop, operator, { ...terms, account: address, name, permissions }),
  );
  const result = { key, account: address, name, permissions };
  session.output.result(result, (paint) =>
    [
      `${paint.green("✓")} ${paint.bold("Admitted as partner")}`,
      details([
        ["name", name],
        ["account", address],
        ["permissions", permissions.join(", ")],
      ]),
    ].join("\n"),
  );
}

async function refuseKnown(brop: Brop, account: string): Promise<void> {
  const { status, name } = await brop.contracts.partners.partner(account);
  if (status === 0n) return;
  const words = status === ADMITTED ? "is a partner already" : "was a partner, and is suspended or terminated";
  throw new BropError("contract.reverted", { error: "PartnerKnown", partner: account }, `${name} ${words}`);
}

import { getAddress, isAddress, ZeroAddress } from "ethers";
import { parseAccountId } from "../core/account-id.ts";
import { BropError } from "../core/errors.ts";
import type { Session } from "./session.ts";

/**
 * The address of an account that was typed.
 * @throws BropError `operation.account-unknown`, `account.uncertified` for a key without account, `key.not-found`
 */
export async function resolveAccount(session: Session, text: string): Promise<string> {
  const { accountFactory } = (await session.brop()).contracts;
  if (isAddress(text)) {
    const address = getAddress(text);
    if (!(await accountFactory.isAccount(address))) throw new BropError("operation.account-unknown", { address });
    return address;
  }
  if (/^[\d\s-]+$/.test(text)) {
    const number = parseAccountId(text);
    const address = number <= (await accountFactory.count()) ? await accountFactory.accountOf(number) : ZeroAddress;
    if (address === ZeroAddress) throw new BropError("operation.account-unknown", { id: text });
    return address;
  }
  const { account } = await session.keys.get(text);
  if (account === undefined)
    throw new BropError("account.uncertified", { key: text }, `The key ${text} has no account`);
  return account;
}

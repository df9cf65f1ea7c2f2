import { encodeBytes32String, id, Wallet } from "ethers";
import {
  type Account,
  type Brop,
  connect,
  createUser,
  establishPartner,
  publishDocument,
} from "../../src/sdk/index.ts";
import { testAccessNode } from "./access-node.ts";
import { stopAfterTests, testChain } from "./chain.ts";

/** A connection to the shared chain, one partner and one certified user of it. */
export interface People {
  brop: Brop;
  operator: Wallet;
  partner: Account;
  partnerWallet: Wallet;
  user: Account;
  userWallet: Wallet;
}

const YEAR = 365 * 24 * 3600;
let people: Promise<People> | undefined;

/** A time by which nothing expires in a test. */
export function inOneYear(): number {
  return Math.floor(Date.now() / 1000) + YEAR;
}

/** A new key that signs and says nothing else. */
export function newWallet(): Wallet {
  return new Wallet(Wallet.createRandom().privateKey);
}

/** The one partner and user of this test run; made when first asked for. */
export function testPeople(): Promise<People> {
  people ??= settle();
  return people;
}

async function settle(): Promise<People> {
  const [{ operator: operatorKey }, { url }] = await Promise.all([testChain(), testAccessNode()]);
  const brop = await connect(url, { pollingInterval: 100 });
  stopAfterTests(async () => brop.close());
  const operator = operatorKey.connect(brop.provider);
  const location = "https://example.org/agreement";
  await publishDocument(brop, operator, { text: "What partners agree to.", location });
  const partnerWallet = newWallet();
  const partner = await newPartner(brop, operator, partnerWallet, "Bank of Tests");
  const userWallet = newWallet();
  const user = await newUser(brop, partner, userWallet);
  return { brop, operator, partner, partnerWallet, user, userWallet };
}

/** Admits a further partner. */
export async function newPartner(brop: Brop, operator: Wallet, owner: Wallet, name: string): Promise<Account> {
  return establishPartner(brop, operator, {
    owner,
    name,
    expiresAt: inOneYear(),
    digest: id(`identity of ${name}`),
    copy: { digest: id(`copy signed by ${name}`), location: "https://example.org/copy" },
  });
}

/** Certifies a further user by their real name. */
export async function newUser(brop: Brop, partner: Account, owner: Wallet): Promise<Account> {
  const address = await createUser(brop, partner, {
    signer: owner.address,
    salt: encodeBytes32String("test"),
    level: "real-name",
    expiresAt: inOneYear(),
    digest: id(`identity of ${owner.address}`),
  });
  return brop.account(address, owner);
}

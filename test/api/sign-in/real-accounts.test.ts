import { expect } from "chai";
import { Interface, type Wallet } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { SignIn } from "../../../src/api/sign-in/sign-in.ts";
import { RpcClient } from "../../../src/chain/rpc-client.ts";
import type { Account } from "../../../src/sdk/index.ts";
import type { Database } from "../../../src/store/database.ts";
import { openMigrated } from "../../store/migrated-database.ts";
import { testChain } from "../../support/chain.ts";
import { newUser, newWallet, type People, testPeople } from "../../support/people.ts";

describe("sign-in with the accounts of a chain", function () {
  this.timeout(120_000);
  let people: People;
  let seat: Wallet;
  let db: Database;
  let rpc: RpcClient;
  let now = Date.now();
  let signIn: SignIn;
  before(async () => {
    people = await testPeople();
    const { url, chainId, seats } = await testChain();
    seat = seats[0] as Wallet;
    db = await openMigrated();
    rpc = new RpcClient(url);
    const clock = { now: () => now, sleep: async () => undefined };
    signIn = new SignIn({ db, rpc, chainId, clock, publicUrl: "http://127.0.0.1:8420" });
  });
  after(async () => {
    rpc.close();
    await db.close();
  });

  const enter = async (who: Account | Wallet) => {
    const { message } = await signIn.challenge(await who.getAddress());
    return signIn.signIn(message, await who.signMessage(message));
  };
  const roleOf = async (who: Account | Wallet) => (await enter(who)).principal.role;

  it("knows partner and user by their smart accounts, operator and bookkeepers by their keys", async () => {
    expect(await roleOf(people.partner)).to.equal("partner");
    expect(await roleOf(people.user)).to.equal("public");
    expect(await roleOf(people.operator)).to.equal("operator");
    expect(await roleOf(seat)).to.equal("bookkeeper");
    expect(await roleOf(newWallet())).to.equal("public");
  });

  it("does not take the owner's plain signature for the account's", async () => {
    const { message } = await signIn.challenge(people.partner.address);
    const plain = await people.partnerWallet.signMessage(message);
    const thrown = await signIn.signIn(message, plain).catch((error: { code: string }) => error.code);
    expect(thrown).to.equal("access.sign-in-refused");
  });

  it("ends with the signer: after a change the old key neither stays nor comes in, the new one does", async () => {
    const { brop, partner } = people;
    const [former, next] = [newWallet(), newWallet()];
    const user = await newUser(brop, partner, former);
    const { token } = await enter(user);
    expect((await signIn.principal(token))?.account).to.equal(user.address.toLowerCase());
    const data = new Interface(abi.Account).encodeFunctionData("setSigner", [next.address]);
    await (await user.sendCalls([{ to: user.address, data }])).wait();
    now += 3_000;
    expect(await signIn.principal(token)).to.equal(undefined);
    const thrown = await enter(user).catch((error: { code: string }) => error.code);
    expect(thrown).to.equal("access.sign-in-refused");
    expect((await enter(brop.account(user.address, next))).principal.role).to.equal("public");
  });
});

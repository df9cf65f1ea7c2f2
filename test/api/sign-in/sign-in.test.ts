import { expect } from "chai";
import { hashMessage, Wallet } from "ethers";
import { SignIn } from "../../../src/api/sign-in/sign-in.ts";
import { BropError } from "../../../src/core/errors.ts";
import type { Database } from "../../../src/store/database.ts";
import { onEachDatabase } from "../../store/databases.ts";
import { CHAIN_ID, FakeNode, PUBLIC_URL } from "../fake-node.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-11-21T12:00:00Z");

describe("sign-in by account signature", () => {
  onEachDatabase((database) => {
    let node: FakeNode;
    let now: number;
    let signIn: SignIn;
    const clock = { now: () => now, sleep: async () => undefined };
    const another = (db: Database = database()) =>
      new SignIn({ db, rpc: node, clock, chainId: CHAIN_ID, publicUrl: PUBLIC_URL });
    beforeEach(() => {
      node = new FakeNode();
      now = START;
      signIn = another();
    });

    const enter = async (wallet = Wallet.createRandom()) => {
      const { message } = await signIn.challenge(wallet.address);
      return signIn.signIn(message, await wallet.signMessage(message));
    };
    const refusalOf = async (attempt: Promise<unknown>): Promise<string> => {
      const thrown = await attempt.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (!(thrown instanceof BropError)) throw new Error(`not refused: ${thrown}`);
      expect(thrown.code).to.equal("access.sign-in-refused");
      return thrown.details.reason as string;
    };

    it("gives a token that stands for the account for a quarter of an hour", async () => {
      const wallet = Wallet.createRandom();
      const account = wallet.address.toLowerCase();
      const { token, principal, expiresAt } = await enter(wallet);
      expect(principal).to.deep.equal({ id: `account:${account}`, role: "public", account, scopes: ["*"] });
      expect(expiresAt).to.equal(START + 15 * MINUTE);
      expect(await signIn.principal(token)).to.deep.equal(principal);
      now = expiresAt - 1;
      expect(await signIn.principal(token)).to.deep.equal(principal);
      now = expiresAt;
      expect(await signIn.principal(token)).to.equal(undefined);
    });

    it("keeps no token, only its digest", async () => {
      const { token } = await enter();
      const rows = await database().query("select * from sign_ins", []);
      const text = JSON.stringify(rows, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
      );
      expect(text).to.not.include(token.slice(6));
    });

    for (const role of ["operator", "regulator", "bookkeeper", "partner"] as const) {
      it(`knows a ${role} by what the chain says, and when it no longer says so`, async () => {
        const wallet = Wallet.createRandom();
        node.roles.set(wallet.address, role);
        const { token, principal } = await enter(wallet);
        expect(principal.role).to.equal(role);
        node.roles.delete(wallet.address);
        now += 3_000;
        expect((await signIn.principal(token))?.role).to.equal("public");
      });
    }

    it("knows a validator's node as a bookkeeper", async () => {
      const wallet = Wallet.createRandom();
      node.validators.push(Wallet.createRandom().address, wallet.address);
      expect((await enter(wallet)).principal.role).to.equal("bookkeeper");
    });

    it("asks an account's contract, and ends its tokens when the signer is another one", async () => {
      const account = Wallet.createRandom().address;
      let signer = "0x01";
      node.accounts.set(account, (_, signature) => signature === signer);
      const { message } = await signIn.challenge(account);
      expect(await refusalOf(signIn.signIn(message, "0x02"))).to.include("signature");
      const { token } = await signIn.signIn(message, "0x01");
      expect((await signIn.principal(token))?.account).to.equal(account.toLowerCase());
      signer = "0x02";
      now += 3_000;
      expect(await signIn.principal(token)).to.equal(undefined);
    });

    it("judges the message as it was given, by its ERC-191 hash", async () => {
      const account = Wallet.createRandom().address;
      const asked: string[] = [];
      node.accounts.set(account, (hash) => asked.push(hash) > 0);
      const { message } = await signIn.challenge(account);
      await signIn.signIn(message, "0x01");
      expect(asked).to.deep.equal([hashMessage(message)]);
    });

    it("refuses an account whose contract reverts, also when an owner's key has signed", async () => {
      const wallet = Wallet.createRandom();
      node.accounts.set(wallet.address, () => undefined);
      const { message } = await signIn.challenge(wallet.address);
      expect(await refusalOf(signIn.signIn(message, await wallet.signMessage(message)))).to.include("signature");
    });

    it("refuses a signature by another key, of another message, and one that is none", async () => {
      const wallet = Wallet.createRandom();
      const { message } = await signIn.challenge(wallet.address);
      const right = await wallet.signMessage(message);
      const s = BigInt(`0x${right.slice(66, 130)}`);
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const mirrored = `${right.slice(0, 66)}${(order - s).toString(16).padStart(64, "0")}${right.endsWith("1b") ? "1c" : "1b"}`;
      for (const signature of [
        await Wallet.createRandom().signMessage(message),
        await wallet.signMessage(`${message} `),
        `0x${"00".repeat(65)}`,
        "0x00",
        right.slice(0, -2),
        `${right}00`,
        mirrored,
      ]) {
        expect(await refusalOf(signIn.signIn(message, signature)), signature).to.include("signature");
      }
      expect((await signIn.signIn(message, right)).token).to.be.a("string");
    });

    it("takes a message once, also when it comes twice at the same time", async () => {
      const wallet = Wallet.createRandom();
      const { message } = await signIn.challenge(wallet.address);
      const signature = await wallet.signMessage(message);
      const attempts = await Promise.allSettled([1, 2, 3].map(() => another().signIn(message, signature)));
      expect(attempts.filter(({ status }) => status === "fulfilled")).to.have.lengthOf(1);
      expect(await refusalOf(signIn.signIn(message, signature))).to.include("used before");
    });

    it("takes no message once more after its token was ended or is over", async () => {
      const wallet = Wallet.createRandom();
      const { message } = await signIn.challenge(wallet.address);
      const signature = await wallet.signMessage(message);
      const { token } = await signIn.signIn(message, signature);
      expect(await signIn.end(token)).to.equal(true);
      expect(await signIn.end(token)).to.equal(false);
      expect(await signIn.principal(token)).to.equal(undefined);
      expect(await refusalOf(signIn.signIn(message, signature))).to.include("used before");
      now += 10 * MINUTE;
      expect(await refusalOf(signIn.signIn(message, signature))).to.include("too old");
    });

    it("refuses nonces of others", async () => {
      const wallet = Wallet.createRandom();
      const { message, nonce } = await signIn.challenge(wallet.address);
      for (const other of ["1".repeat(64), nonce.slice(0, -1) + (nonce.endsWith("0") ? "1" : "0"), "abcdefgh"]) {
        const forged = message.replace(nonce, other);
        expect(await refusalOf(signIn.signIn(forged, await wallet.signMessage(forged)))).to.include("not from here");
      }
    });

    it("works with several processes on one database", async () => {
      const wallet = Wallet.createRandom();
      const [first, second] = [another(), another()];
      const { message } = await first.challenge(wallet.address);
      const { token } = await second.signIn(message, await wallet.signMessage(message));
      expect(await first.principal(token)).to.include({ role: "public" });
      expect(await first.end(token)).to.equal(true);
      expect(await second.principal(token)).to.equal(undefined);
    });

    it("lets nobody in while the chain does not answer, and asks again afterwards", async () => {
      const { token } = await enter();
      node.unreachable = true;
      now += 3_000;
      const thrown = await signIn.principal(token).catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(BropError).with.property("code", "chain.unreachable");
      node.unreachable = false;
      expect(await signIn.principal(token)).to.include({ role: "public" });
    });

    it("does not ask the chain for every request", async () => {
      const { token } = await enter();
      const before = node.asked;
      for (let count = 0; count < 20; count++) await signIn.principal(token);
      expect(node.asked - before).to.be.at.most(2);
    });

    it("forgets what is long over", async () => {
      await enter();
      now += 31 * MINUTE;
      await enter();
      expect(await database().query("select 1 from sign_ins", [])).to.have.lengthOf(1);
    });

    it("knows no other texts as tokens", async () => {
      const { token } = await enter();
      for (const text of ["", "bropt_", token.slice(0, -1), `${token}a`, token.replace("bropt_", "brop_")]) {
        expect(await signIn.principal(text), text).to.equal(undefined);
      }
    });
  });
});

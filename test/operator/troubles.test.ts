import { expect } from "chai";
import { id, Wallet } from "ethers";
import { SigningService } from "../../src/chain/signing/signing-service.ts";
import { Web3Signer } from "../../src/chain/signing/web3-signer.ts";
import { interfaceOf } from "../../src/operator/context.ts";
import type { Database } from "../../src/store/database.ts";
import { type FakeWeb3Signer, type Misbehaviour, startFakeWeb3Signer } from "../chain/signing/fake-web3-signer.ts";
import { emptyTables } from "../store/databases.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { type Body, GROUND, Office, type OfficeOptions } from "./office.ts";
import { TinyChain } from "./tiny-chain.ts";

const PARTNER = `0x${"ab".repeat(20)}`;
const path = (what: string) => `/partners/${PARTNER}/${what}`;
const BODY = { ground: GROUND };
const WRONG_STATUS = interfaceOf("Partners").encodeErrorResult("PartnerWrongStatus", [PARTNER, 2]);

describe("Acts in trouble", function () {
  this.timeout(60_000);
  const operator = new Wallet(id("operator"));
  let chain: TinyChain;
  let office: Office;

  let db: Database;

  before(async () => {
    db = await openMigrated();
  });
  beforeEach(async () => {
    await emptyTables(db);
    chain = new TinyChain();
  });
  afterEach(() => office.close());
  after(() => db.close());

  async function open(options: OfficeOptions = {}): Promise<void> {
    office = await Office.open({ rpc: chain, operator, seats: [] }, { withSeat: false, db, ...options });
  }

  async function until(act: number, holds: (act: Body) => boolean): Promise<Body> {
    for (;;) {
      const { body } = await office.ask("GET", `/acts/${act}`);
      if (holds(body)) return body;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  describe("of the signing service", () => {
    let fake: FakeWeb3Signer;

    beforeEach(async () => {
      fake = await startFakeWeb3Signer({ privateKeys: [operator.privateKey] });
      const service = new SigningService({ url: fake.url, timeout: 200 });
      await open({ signer: new Web3Signer(service, operator.address) });
    });
    afterEach(() => fake.stop());

    const cases: [Misbehaviour, string][] = [
      ["signs with another key", "signer.wrong-signature"],
      ["signs other bytes", "signer.wrong-signature"],
      ["gives the high s", "signer.wrong-signature"],
      ["answers with an error", "signer.refused"],
      ["never answers", "signer.unreachable"],
      ["drips", "signer.unreachable"],
    ];
    for (const [misbehaviour, code] of cases) {
      it(`send nothing while it ${misbehaviour}, say so, and go on by themselves when it has ended`, async () => {
        fake.misbehaviour = misbehaviour;
        const { body: asked } = await office.ask("POST", path("suspension"), { body: BODY });
        const waiting = await until(asked.id, (act) => act.waiting !== null);
        expect(waiting).to.deep.include({ state: "received", transactions: [] });
        expect(waiting.waiting.code).to.equal(code);
        expect(chain.included).to.deep.equal([]);
        fake.misbehaviour = undefined;
        const done = await until(asked.id, (act) => act.endedAt !== null);
        expect(done).to.deep.include({ state: "done", waiting: null });
        expect(chain.included).to.have.length(1);
        expect(chain.included[0]?.transaction.from).to.equal(operator.address);
      });
    }

    it("can be withdrawn while they wait for it", async () => {
      fake.misbehaviour = "never answers";
      const { body: asked } = await office.ask("POST", path("suspension"), { body: BODY });
      await until(asked.id, (act) => act.waiting !== null);
      const { body } = await office.ask("POST", `/acts/${asked.id}/withdrawal`);
      expect(body.error.code).to.equal("operator.withdrawn");
      fake.misbehaviour = undefined;
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(chain.included).to.deep.equal([]);
    });
  });

  it("are refused before anything is sent, when it would not succeed any more", async () => {
    await open({ works: false });
    const { body: asked } = await office.ask("POST", path("suspension"), { body: BODY });
    chain.refuses = () => WRONG_STATUS;
    await office.worker.start();
    const act = await until(asked.id, ({ endedAt }) => endedAt !== null);
    expect(act).to.deep.include({ state: "refused", transactions: [] });
    expect(act.error).to.deep.include({ code: "contract.reverted", error: "PartnerWrongStatus" });
    expect(chain.included).to.deep.equal([]);
    await office.worker.stop();
  });

  it("fail with the contract's reason, when their transaction does not succeed in its block", async () => {
    await open();
    chain.refuses = (_, isInBlock) => (isInBlock ? WRONG_STATUS : undefined);
    const act = await office.act(path("suspension"), BODY);
    expect(act.state).to.equal("failed");
    expect(act.error).to.deep.include({ code: "contract.reverted", error: "PartnerWrongStatus" });
    expect(act.error.step).to.match(/is suspended$/);
    expect(act.transactions[0]).to.deep.include({ state: "included", success: false });
  });

  it("are sent with another nonce when somebody else has used theirs, and never twice", async () => {
    await open();
    chain.refusesToTake = "pool is full";
    const { body: asked } = await office.ask("POST", path("suspension"), { body: BODY });
    const waiting = await until(asked.id, (act) => act.waiting !== null);
    expect(waiting).to.deep.include({ state: "sent" });
    expect(waiting.waiting.reason).to.equal("pool is full");
    const { nonce } = waiting.transactions[0];
    const other = { chainId: 8420, nonce, to: PARTNER, data: "0x1234", gasLimit: 100_000, gasPrice: 0, type: 0 };
    chain.take(await operator.signTransaction(other));
    chain.mine();
    chain.refusesToTake = undefined;
    const done = await until(asked.id, (act) => act.endedAt !== null);
    expect(done.state).to.equal("done");
    expect(done.transactions.map(({ state }: Body) => state)).to.deep.equal(["displaced", "included"]);
    expect(done.transactions[1].nonce).to.equal(nonce + 1);
    expect(chain.included.map(({ transaction }) => transaction.data)).to.have.length(2);
    expect(chain.replaced).to.deep.equal([]);
  });

  it("are sent again, the same bytes, when a development chain has lost their block", async () => {
    await open({ development: true });
    const done = await office.done(path("suspension"), BODY);
    const [lost] = chain.included;
    chain.lose(20);
    const again = await until(done.id, (act) => act.state === "done" && chain.included.length === 1);
    expect(again.transactions.map(({ hash }: Body) => hash)).to.deep.equal([lost?.transaction.hash]);
    expect(chain.included[0]?.transaction.hash).to.equal(lost?.transaction.hash);
  });

  it("are carried out many at a time, each nonce once", async () => {
    await open();
    const bodies = Array.from({ length: 30 }, (_, number) => ({ ground: id(`ground ${number}`) }));
    const acts = await Promise.all(bodies.map((body) => office.act(path("suspension"), body)));
    expect(acts.every(({ state }) => state === "done")).to.equal(true);
    const nonces = chain.included.map(({ transaction }) => transaction.nonce);
    expect(nonces).to.deep.equal(bodies.map((_, number) => number));
    expect(chain.replaced).to.deep.equal([]);
    expect(new Set(chain.included.map(({ transaction }) => transaction.data)).size).to.equal(30);
  });

  it("are refused to two processes at one key: the second one waits for it", async () => {
    await open();
    const second = await Office.open({ rpc: chain, operator, seats: [] }, { withSeat: false, db });
    const act = await second.act(path("suspension"), BODY);
    expect(act.state).to.equal("done");
    expect(chain.included).to.have.length(1);
    await second.close();
  });
});

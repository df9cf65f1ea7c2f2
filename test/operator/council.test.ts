import { expect } from "chai";
import { id, toBeHex, Wallet } from "ethers";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { type Body, GROUND, Office, type OperatorNetwork, startNetwork } from "./office.ts";

const FREE = { gasPrice: 0, type: 0, gasLimit: 16_000_000 };
/** Where genesis puts Council's code, and a constant of it as it is built and as an earlier version had it. */
const COUNCIL_CODE = SYSTEM_ADDRESSES.Council.replace("b003", "b103");
const [BUILT, EARLIER] = ["617080", "617081"];
const IMPLEMENTATION_SLOT = toBeHex(BigInt(id("eip1967.proxy.implementation")) - 1n, 32);
const NEW_RELAY = new Wallet(id("new relay")).address;

describe("Acts of a whole network, in the order of its life", function () {
  this.timeout(240_000);
  let network: OperatorNetwork;
  let office: Office;
  let seatless: Office;

  before(async () => {
    network = await startNetwork({
      deployed: false,
      change(genesis) {
        const council = genesis[COUNCIL_CODE];
        if (council?.code === undefined) throw new Error("Genesis without Council");
        council.code = council.code.replaceAll(BUILT, EARLIER);
      },
    });
    office = await Office.open(network);
    seatless = await Office.open(network, { withSeat: false, works: false });
  });
  after(async () => {
    await seatless?.close();
    await office?.close();
    await network?.stop();
  });

  /** The other seats vote for a proposal, and one of them has Council carry it out. */
  async function decide({ result }: Body): Promise<void> {
    const { proposal, calls } = result;
    const plain = calls.map(({ target, data }: Body) => ({ target, data }));
    for (const seat of network.seats.slice(1)) {
      const council = await network.contract("Council", seat);
      await (await council.getFunction("vote")(proposal.id, FREE)).wait();
    }
    const council = await network.contract("Council", network.seats[1]);
    await (await council.getFunction("execute")(proposal.id, plain, FREE)).wait();
  }

  it("need the contracts first, and say which one is missing", async () => {
    const { status, body } = await office.ask("POST", `/partners/0x${"ab".repeat(20)}/suspension`, {
      body: { ground: GROUND },
    });
    expect([status, body.contract]).to.deep.equal([503, "Partners"]);
    expect((await office.ask("GET", "/upgrade")).status).to.equal(503);
  });

  it("deploy: the plan changes nothing, the act carries it out, and then nothing is left", async () => {
    const { body: plan } = await office.ask("GET", "/deployment");
    expect(plan.missing).to.include("Partners").and.include("Settlements");
    expect(plan.steps.length).to.be.greaterThan(60);
    const stranger = await office.ask("POST", "/deployment", { key: "" });
    expect(stranger.status).to.equal(401);

    const asked = await office.ask("POST", "/deployment", { idempotencyKey: "deploy" });
    expect(asked.status).to.equal(202);
    const done = (await office.ask("GET", `/acts/${asked.body.id}?wait=done&timeout=120`)).body;
    expect(done.state, JSON.stringify(done.error)).to.equal("done");
    expect(done.planned).to.equal(plan.steps.length);
    expect(done.transactions.map(({ what }: Body) => what)).to.deep.equal(plan.steps);
    expect(done.result.addresses).to.deep.equal(plan.addresses);
    const { body: after } = await office.ask("GET", "/deployment");
    expect(after).to.deep.equal({ addresses: plan.addresses, missing: [], steps: [] });
    const again = await office.done("/deployment");
    expect(again.transactions).to.deep.equal([]);
  });

  it("upgrade: compare, create the code, propose; Council's votes decide", async () => {
    const { body: plan } = await office.ask("GET", "/upgrade");
    expect(
      plan.contracts.filter(({ state }: Body) => state === "outdated").map(({ name }: Body) => name),
    ).to.deep.equal(["Council"]);
    expect(plan).to.deep.include({ proposal: null });
    const proposed = await office.done("/upgrade", {});
    expect(proposed.transactions.map(({ sender }: Body) => sender)).to.deep.equal([
      network.operator.address,
      network.seats[0]?.address,
    ]);
    expect(proposed.result.calls).to.deep.equal(plan.calls);
    expect(proposed.result.proposal).to.deep.equal({ id: "1", status: "open", votes: 1, quorum: 3 });
    expect((await office.ask("GET", "/upgrade")).body.proposal.id).to.equal("1");
    expect((await office.done("/upgrade", {})).transactions).to.deep.equal([]);
    await decide(proposed);
    const now = await network.provider.getStorage(SYSTEM_ADDRESSES.Council, IMPLEMENTATION_SLOT);
    expect(`0x${now.slice(26)}`).to.equal(plan.creations[0].address.toLowerCase());
    const last = await office.done("/upgrade", {});
    expect(last.result).to.deep.equal({ calls: [], reason: null, proposal: null });
  });

  it("propose what only Council decides, with the seat's key", async () => {
    const quota = await network.contract("Quota");
    const admission = await network.contract("Admission");
    const quotaClass = { ceiling: 9_000, grant: 900, initial: 90, periodBlocks: 20 };
    const proposals = [
      await office.done("/quota-classes/40", quotaClass),
      await office.done("/byte-price", { points: 3 }),
      await office.done("/prices", { contract: "Records", prices: { record: 700 } }),
      await office.done("/senders", { sender: NEW_RELAY, kind: "relay", allowance: 500, reason: GROUND }),
    ];
    for (const proposal of proposals) await decide(proposal);
    expect((await quota.getFunction("class")(40)).ceiling).to.equal(9_000n);
    expect(await quota.getFunction("bytePrice")()).to.equal(3n);
    const records = await network.contract("Records");
    const selector = records.interface.getFunction("record")?.selector;
    expect(await quota.getFunction("price")(records.target, selector)).to.equal(700n);
    expect((await admission.getFunction("senderOf")(NEW_RELAY)).allowance).to.equal(500n);
    await decide(await office.done(`/senders/${NEW_RELAY}/removal`, { ground: GROUND }));
    expect(await admission.getFunction("groundOf")(NEW_RELAY)).to.equal(GROUND);
  });

  it("propose the same once, and nothing that Council would be refused", async () => {
    const first = await office.done("/byte-price", { points: 5 });
    const second = await office.done("/byte-price", { points: 5 });
    expect(second.transactions).to.deep.equal([]);
    expect(second.result.proposal.id).to.equal(first.result.proposal.id);
    const nobody = { sender: `0x${"00".repeat(20)}`, kind: "relay", allowance: 1 };
    const refused = await office.ask("POST", "/senders", { body: nobody });
    expect(refused.body).to.deep.include({ code: "contract.reverted", error: "AdmissionInvalidSender" });
    const invalid = await office.ask("POST", "/quota-classes/41", {
      body: { ceiling: 1, grant: 2, initial: 3, periodBlocks: 1 },
    });
    expect(invalid.body).to.deep.include({ code: "contract.reverted", error: "QuotaInvalidClass" });
  });

  it("hand the calls over where there is no seat's key", async () => {
    for (const [path, body] of [
      ["/byte-price", { points: 6 }],
      ["/quota-classes/42", { ceiling: 9_000, grant: 900, initial: 90, periodBlocks: 20 }],
      ["/prices", { contract: "Records", prices: { record: 1 } }],
      ["/senders", { sender: network.regulator.address, kind: "seat", allowance: 1 }],
      [`/senders/${network.relay.address}/removal`, { ground: GROUND }],
    ] as const) {
      const { status, body: problem } = await seatless.ask("POST", path, { body });
      expect([status, problem.code], path).to.deep.equal([409, "operator.seat-missing"]);
      expect(problem.calls).to.have.length(1);
      expect(problem.reason).to.match(/^0x[0-9a-f]{64}$/);
    }
  });
});

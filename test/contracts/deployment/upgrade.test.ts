import { expect } from "chai";
import { encodeBytes32String, Interface } from "ethers";
import { creationsOf } from "../../../scripts/deployment/creation.ts";
import { GENESIS_PROXIES, nameOf, PLAN } from "../../../scripts/deployment/plan.ts";
import { planUpgrade, type Upgrade, upgrade } from "../../../scripts/upgrading/upgrade.ts";
import { type Artifact, readArtifact } from "../../../src/chain/artifacts.node.ts";
import { abiDigest } from "../../../src/chain/genesis/abi-digest.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { blockNumber, ethers, mineTo } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectExecuted } from "../support/operations.ts";
import { town } from "../support/participants.ts";
import { COUNCIL_DELAY, COUNCIL_LIFETIME, deployed, foundedNetwork, implementationOf } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";
import { makeVoucher } from "../support/vouchers.ts";

type Build = typeof readArtifact;

/** A later version of some contracts: each has another value in place of a constant, and so other code. */
function laterBuild(constants: Record<string, [before: string, after: string]>, newFunction?: string): Build {
  return (path) => {
    const artifact = readArtifact(path);
    const change = constants[path];
    if (change === undefined) return artifact;
    const [before, after] = change;
    const changed = (code: string) => code.replaceAll(before, after);
    const { bytecode, deployedBytecode } = artifact;
    expect(bytecode).to.include(before);
    const added = newFunction === undefined ? [] : [...new Interface([newFunction]).fragments].map(plainFragment);
    const abi = [...(artifact.abi as readonly object[]), ...added] as Artifact["abi"];
    return { ...artifact, abi, bytecode: changed(bytecode), deployedBytecode: changed(deployedBytecode) };
  };
}

const plainFragment = (fragment: { format: (type: "json") => string }) => JSON.parse(fragment.format("json"));

/** A year of 3-second blocks in Orders, and the same and one block. */
const ORDERS = { "governance/Orders": ["62a06680", "62a06681"] } as Record<string, [string, string]>;
/** A day of them in Council: how long a pause lasts. */
const COUNCIL = { "governance/Council": ["617080", "617081"] } as Record<string, [string, string]>;

async function network() {
  const p = await town();
  const [seat] = p.seats;
  if (seat === undefined) throw new Error("No seat");
  const options = { provider: ethers.provider, operator: p.operator, seat };
  const run = (build: Build) => upgrade({ ...options, build });
  const plan = (build?: Build) => planUpgrade(build === undefined ? options : { ...options, build });
  /** Lets the other seats vote and, after the delay, the first one execute. */
  const agreeTo = async ({ proposal, calls }: Upgrade) => {
    const id = proposal?.id ?? "";
    for (const other of p.seats.slice(1, Number(await p.council.quorum()))) await p.council.connect(other).vote(id);
    await mineTo((await blockNumber()) + COUNCIL_DELAY);
    const values = calls.map(({ target, data }) => ({ target, data }));
    await p.council.connect(seat).execute(id, values, { gasLimit: 15_000_000 });
  };
  const transactions = async () => (await p.operator.getNonce()) + (await seat.getNonce());
  return { ...p, seat, options, run, plan, agreeTo, transactions };
}

const outdated = ({ contracts }: Upgrade) =>
  contracts.filter(({ state }) => state === "outdated").map(({ name }) => name);

describe("The upgrade", () => {
  it("finds every contract current where the build is what was deployed, those of genesis included", async () => {
    const { run, transactions } = await network();
    const before = await transactions();
    const done = await run(readArtifact);
    expect(done.contracts.map(({ name }) => name)).to.deep.equal([...PLAN, ...GENESIS_PROXIES].map(nameOf));
    expect(done.contracts.filter(({ state }) => state !== "current")).to.deep.equal([]);
    expect(done).to.deep.include({ creations: [], calls: [], proposal: undefined, reason: undefined, transactions: 0 });
    expect(await transactions()).to.equal(before);
  });

  it("creates the code that is missing, through Directory, and proposes it to Council; seats decide", async () => {
    const p = await network();
    const build = laterBuild(ORDERS);
    const count = await p.orders.count();
    const done = await p.run(build);
    expect(outdated(done)).to.deep.equal(["Orders"]);
    const [code] = creationsOf(PLAN.find(({ name }) => name === "Orders") as never, p.addresses, build);
    expect(done.creations).to.deep.equal([{ what: "Orders", address: code?.address }]);
    expect(done.transactions).to.equal(2);
    expect(done.proposal).to.deep.equal({ id: "1", status: "open", votes: 1, quorum: 3 });
    expect((await p.council.proposal(1)).reason).to.equal(done.reason);
    // Nothing has changed before Council says so.
    expect(await p.orders.MAX_LIFETIME()).to.equal(10_512_000n);
    await p.agreeTo(done);
    expect(await p.orders.MAX_LIFETIME()).to.equal(10_512_001n);
    expect(await implementationOf(p.addresses.Orders ?? "")).to.equal(code?.address);
    expect(await p.orders.count()).to.equal(count);
    expect(outdated(await p.plan(build))).to.deep.equal([]);
  });

  it("says what it would do without doing it", async () => {
    const p = await network();
    const before = await p.transactions();
    const plan = await p.plan(laterBuild(ORDERS));
    expect(await p.transactions()).to.equal(before);
    expect(plan.transactions).to.equal(0);
    expect(await ethers.provider.getCode(plan.creations[0]?.address ?? "")).to.equal("0x");
    const done = await p.run(laterBuild(ORDERS));
    expect(done.calls).to.deep.equal(plan.calls);
    expect(done.creations).to.deep.equal(plan.creations);
  });

  it("run again changes nothing, before the votes, after them and after the execution", async () => {
    const p = await network();
    const build = laterBuild(ORDERS);
    const first = await p.run(build);
    const again = async () => {
      const before = await p.transactions();
      const done = await p.run(build);
      expect(await p.transactions()).to.equal(before);
      expect(done).to.deep.include({ transactions: 0, creations: [] });
      return done.proposal;
    };
    expect(await again()).to.deep.equal(first.proposal);
    for (const seat of p.seats.slice(1, 3)) await p.council.connect(seat).vote(1);
    const executableFrom = (await blockNumber()) + COUNCIL_DELAY;
    expect(await again()).to.deep.equal({ id: "1", status: "agreed", votes: 3, quorum: 3, executableFrom });
    await mineTo((await blockNumber()) + COUNCIL_DELAY);
    const calls = first.calls.map(({ target, data }) => ({ target, data }));
    await p.council.connect(p.seat).execute(1, calls);
    expect(await again()).to.equal(undefined);
  });

  it("lets seats vote for what their own build asks for, and for nothing else", async () => {
    const p = await network();
    const build = laterBuild(ORDERS);
    await p.run(build);
    const { provider } = p.options;
    const [, second, third, fourth] = p.seats;
    if (second === undefined || third === undefined || fourth === undefined) throw new Error("Too few seats");
    const voted = await upgrade({ provider, seat: second, build, seatAction: "vote" });
    expect(voted).to.deep.include({ transactions: 1, proposal: { id: "1", status: "open", votes: 2, quorum: 3 } });
    expect(await upgrade({ provider, seat: second, build, seatAction: "vote" })).to.deep.include({ transactions: 0 });
    // The third seat has built something else, whose code nobody has created: it votes for nothing.
    const other = laterBuild({ "governance/Orders": ["62a06680", "62a06682"] });
    expect(await upgrade({ provider, seat: third, build: other, seatAction: "vote" })).to.deep.include({
      transactions: 0,
      proposal: undefined,
    });
    const failure = (seat: typeof second) =>
      upgrade({ provider, seat, build, seatAction: "execute" }).then(String, (error: Error) => error.message);
    expect(await failure(second)).to.equal("Proposal 1 has 2 of 3 votes");
    const { proposal } = await upgrade({ provider, seat: fourth, build, seatAction: "vote" });
    expect(await failure(second)).to.equal(`Proposal 1 can be executed from block ${proposal?.executableFrom} on`);
    await mineTo((proposal?.executableFrom ?? 0) - 1);
    const executed = await upgrade({ provider, seat: second, build, seatAction: "execute" });
    expect(executed).to.deep.include({ transactions: 1, proposal: undefined });
    expect(await p.orders.MAX_LIFETIME()).to.equal(10_512_001n);
    expect(await upgrade({ provider, seat: second, build, seatAction: "execute" })).to.deep.include({
      transactions: 0,
    });
  });

  it("goes on where it stopped: with the operator's key first, with a seat's later", async () => {
    const p = await network();
    const build = laterBuild(ORDERS);
    const { provider, operator, seat } = p.options;
    // A seat alone proposes nothing whose code nobody can look at yet.
    expect(await upgrade({ provider, seat, build })).to.deep.include({ transactions: 0, proposal: undefined });
    expect(await upgrade({ provider, operator, build })).to.deep.include({ transactions: 1, proposal: undefined });
    const done = await upgrade({ provider, seat, build });
    expect(done).to.deep.include({ transactions: 1, creations: [] });
    expect(done.proposal?.id).to.equal("1");
  });

  it("makes a proposal anew that lapsed, and not one that waits among others", async () => {
    const p = await network();
    const build = laterBuild(ORDERS);
    await p.run(build);
    await mineTo((await blockNumber()) + COUNCIL_LIFETIME + 1);
    expect((await p.run(build)).proposal?.id).to.equal("2");
    await decide(p, [p.admission, "setPeriod", [55]]);
    expect((await p.run(build)).proposal?.id).to.equal("2");
    await p.council.connect(p.seat).cancel(2);
    expect((await p.run(build)).proposal?.id).to.equal("4");
  });

  it("lists an interface that changed with the code, and one that was left behind", async () => {
    const p = await network();
    const build = laterBuild(ORDERS, "function later() view returns (uint256)");
    const done = await p.run(build);
    expect(done.calls).to.have.length(2);
    await p.agreeTo(done);
    const entry = await p.directory.entryOf(encodeBytes32String("Orders"));
    expect(entry.abiDigest).to.equal(abiDigest(build("governance/Orders").abi));
    expect(entry.target).to.equal(p.addresses.Orders);
    expect((await p.plan(build)).calls).to.deep.equal([]);
    // The code is what it was and the interface is listed wrongly.
    const name = encodeBytes32String("Records");
    await decide(p, [p.directory, "replace", [name, p.addresses.Records, name]]);
    expect((await p.plan(build)).calls.map(({ what }) => what)).to.deep.equal([
      "Records is listed with its new interface",
    ]);
  });

  it("reaches the contracts of genesis, Council included, which go on with what they kept", async () => {
    const p = await network();
    const build = laterBuild(COUNCIL);
    const done = await p.run(build);
    expect(outdated(done)).to.deep.equal(["Council"]);
    await p.agreeTo(done);
    expect(await p.council.PAUSE_BLOCKS()).to.equal(28_801n);
    expect(await p.council.seats()).to.have.length(4);
    expect((await p.plan(build)).calls).to.deep.equal([]);
    // Back to the first version: its code stands where genesis put it, and is created where creations stand.
    const back = await p.run(readArtifact);
    expect(back.proposal?.id).to.equal("2");
    await p.agreeTo(back);
    expect(await p.council.PAUSE_BLOCKS()).to.equal(28_800n);
    expect(await implementationOf(SYSTEM_ADDRESSES.Council)).to.equal(back.creations[0]?.address);
    expect((await p.plan()).calls).to.deep.equal([]);
  });

  it("changes many contracts at once or none", async () => {
    const p = await network();
    const records = await deployed(p.operator, "evidence/Records", [p.addresses.Certifications]);
    await decide(p, [p.records, "upgradeToAndCall", [records, "0x"]]);
    const build = laterBuild({ ...ORDERS, ...COUNCIL });
    const done = await p.run(build);
    // The first code of Records stands already.
    expect(done.creations.map(({ what }) => what)).to.deep.equal(["Orders", "Council"]);
    expect(outdated(done)).to.deep.equal(["Orders", "Records", "Council"]);
    await p.agreeTo(done);
    expect((await p.plan(build)).calls).to.deep.equal([]);
    expectExecuted(await p.alice.call(p.records, "record", [recordOf("after")]));
  });

  it("gives factories new code to make clones of, and leaves the clones that there are as they are", async () => {
    const p = await network();
    const old = await makeVoucher(p, p.bank);
    const before = await ethers.provider.getCode(old.target);
    const build = laterVoucher();
    const done = await p.run(build);
    expect(outdated(done)).to.deep.equal(["Voucher", "VoucherFactory"]);
    // The code itself is called by nobody: only the factory's proxy changes.
    expect(done.calls.map(({ target }) => target)).to.deep.equal([p.addresses.VoucherFactory]);
    await p.agreeTo(done);
    expect(await ethers.provider.getCode(old.target)).to.equal(before);
    const fresh = await makeVoucher(p, p.bank);
    expect(await p.voucherFactory.implementation()).to.equal(done.contracts.find(({ name }) => name === "Voucher")?.to);
    expect(await ethers.provider.getCode(fresh.target)).not.to.equal(before);
    for (const voucher of [old, fresh]) {
      expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 1]));
    }
    expect((await p.plan(build)).calls).to.deep.equal([]);
  });

  it("leaves what it can not reach, and says so", async () => {
    const p = await network();
    const name = encodeBytes32String("LegalDocuments");
    await decide(p, [p.directory, "replace", [name, p.addresses.Account, name]]);
    const { contracts, calls } = await p.plan();
    const found = contracts.find((one) => one.name === "LegalDocuments");
    expect(found).to.deep.include({ state: "fixed", address: p.addresses.Account });
    // What depends on it is built with its address, which is another one now.
    expect(calls.map(({ target }) => target)).to.deep.equal([p.addresses.Partners]);
  });

  it("is refused with words to keys that have no right to it, before anything changes", async () => {
    const p = await network();
    const build = laterBuild(ORDERS);
    const { provider, operator } = p.options;
    const failure = (attempt: Promise<unknown>) => attempt.then(String, (error: Error) => error.message);
    const { stranger } = p;
    expect(await failure(upgrade({ provider, operator: stranger, build }))).to.equal(
      `${stranger.address} does not hold the operator's role`,
    );
    expect(await failure(upgrade({ provider, operator, seat: stranger, build }))).to.equal(
      `${stranger.address} has no seat in Council`,
    );
    expect(await p.council.statusOf(1)).to.equal(0n);
  });

  it("wants a network on which everything of this version is deployed", async () => {
    const operator = await foundedNetwork();
    const attempt = upgrade({ provider: ethers.provider, operator });
    expect(await attempt.then(String, (error: Error) => error.message)).to.match(/^Not deployed yet: LegalDocuments, /);
  });
});

/** Vouchers that say another interface id of ERC-7943. */
function laterVoucher(): Build {
  return laterBuild({ "voucher/Voucher": ["41c4fbad", "41c4fbae"] });
}

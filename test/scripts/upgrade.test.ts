import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { id, JsonRpcProvider, toBeHex, Wallet } from "ethers";
import { deploy } from "../../scripts/deployment/deploy.ts";
import type { Layouts } from "../../scripts/layouts/layout.ts";
import type { Upgrade } from "../../scripts/upgrading/upgrade.ts";
import { type DevChain, startDevChain } from "../../src/chain/dev-chain.ts";
import { genesisAllocation } from "../../src/chain/genesis/allocation.node.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LAYOUTS = join(ROOT, "contracts/storage-layouts.json");
const CHAIN_ID = 8421;
/** Where genesis puts Council's code, and a constant of it as it is built and as an earlier version had it. */
const COUNCIL_CODE = SYSTEM_ADDRESSES.Council.replace("b003", "b103");
const [BUILT, EARLIER] = ["617080", "617081"];
/** Where a proxy keeps the address of its code (ERC-1967). */
const IMPLEMENTATION_SLOT = toBeHex(BigInt(id("eip1967.proxy.implementation")) - 1n, 32);

const wallet = () => new Wallet(Wallet.createRandom().privateKey);

describe("The upgrade script", function () {
  this.timeout(180_000);
  const operator = wallet();
  const seats = [wallet(), wallet(), wallet(), wallet()];
  let chain: DevChain;
  let provider: JsonRpcProvider;

  before("a network that was founded with an earlier version of Council", async () => {
    const genesis = await genesisAllocation({
      chainId: CHAIN_ID,
      operator: operator.address,
      seats: seats.map(({ address }) => address),
      relays: [],
      council: { delayBlocks: 1, lifetimeBlocks: 10_000 },
    });
    const council = genesis[COUNCIL_CODE];
    if (council?.code === undefined) throw new Error("Genesis without Council");
    council.code = council.code.replaceAll(BUILT, EARLIER);
    chain = await startDevChain({ genesis, blockTime: 1, chainId: CHAIN_ID });
    provider = new JsonRpcProvider(chain.url, CHAIN_ID, { staticNetwork: true, pollingInterval: 50, cacheTimeout: -1 });
    await deploy(operator.connect(provider));
  });

  after(async () => {
    provider?.destroy();
    await chain?.stop();
  });

  async function run(options: string[], keys: { operator?: Wallet; seat?: Wallet | undefined } = {}) {
    const env: NodeJS.ProcessEnv = { ...process.env, BROP_RPC_URL: chain.url };
    if (keys.operator !== undefined) env.BROP_OPERATOR_KEY = keys.operator.privateKey;
    if (keys.seat !== undefined) env.BROP_SEAT_KEY = keys.seat.privateKey;
    const child = spawn(process.execPath, ["scripts/upgrade.ts", ...options], { cwd: ROOT, env });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return { out, err, code: child.exitCode };
  }

  async function runJson(options: string[], keys: Parameters<typeof run>[1] = {}): Promise<Upgrade> {
    const { out, err, code } = await run([...options, "--json"], keys);
    expect(code, err).to.equal(0);
    return JSON.parse(out) as Upgrade;
  }

  it("is refused in a line of words to a key without the right, and to options that it does not have", async () => {
    const stranger = wallet();
    const refused = await run([], { operator: stranger, seat: seats[0] });
    expect(refused).to.deep.include({ out: "", code: 1 });
    expect(refused.err.trim()).to.equal(`${stranger.address} does not hold the operator's role`);
    const unknown = await run(["--frobnicate"]);
    expect(unknown.code).to.equal(1);
    expect(unknown.err).to.match(/^Unknown option '--frobnicate'/);
  });

  it("brings a network over JSON-RPC to this version: plan, code, proposal, votes, execution", async () => {
    const { out, code } = await run(["--dry-run"]);
    expect(code).to.equal(0);
    expect(out).to.match(/^Council is outdated: 0x0{36}b103 is to become 0x/i);
    expect(out).to.include("Council gets the code at 0x").and.include("No seat has proposed them yet. 0 transactions");

    const plan = await runJson(["--dry-run"]);
    expect(plan).to.deep.include({ transactions: 0 });
    const proposed = await runJson([], { operator, seat: seats[0] });
    expect(proposed.calls).to.deep.equal(plan.calls);
    expect(proposed).to.deep.include({ transactions: 2, creations: plan.creations });
    expect(proposed.proposal).to.deep.equal({ id: "1", status: "open", votes: 1, quorum: 3 });

    const nonce = await provider.getTransactionCount(operator.address);
    expect((await runJson([], { operator, seat: seats[0] })).transactions).to.equal(0);
    expect(await provider.getTransactionCount(operator.address)).to.equal(nonce);

    for (const seat of seats.slice(1, 3)) expect((await runJson(["--vote"], { seat })).transactions).to.equal(1);
    expect((await runJson(["--execute"], { seat: seats[3] })).transactions).to.equal(1);
    expect((await run([], { operator, seat: seats[0] })).out.trim()).to.equal("Nothing to upgrade.");
    const now = await provider.getStorage(SYSTEM_ADDRESSES.Council, IMPLEMENTATION_SLOT);
    expect(`0x${now.slice(26)}`).to.equal(plan.creations[0]?.address.toLowerCase());
  });

  it("touches no network whose storage this version would misread", async () => {
    const folder = mkdtempSync(join(tmpdir(), "brop-upgrade-"));
    try {
      const layouts = JSON.parse(readFileSync(LAYOUTS, "utf8")) as Layouts;
      layouts.Redemptions?.storage.push({ slot: 900, offset: 0, label: "_lost", type: "bool" });
      const file = join(folder, "storage-layouts.json");
      writeFileSync(file, JSON.stringify(layouts));
      const { out, err, code } = await run(["--layouts", file], { operator, seat: seats[0] });
      expect(code).to.equal(1);
      expect(err.trim()).to.equal("Redemptions: _lost (slot 900, bool) is gone");
      expect(out).to.equal("");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

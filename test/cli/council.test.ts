import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Interface, id as keccakOf, Wallet } from "ethers";
import { abi } from "../../generated/abi.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { testChain } from "../support/chain.ts";
import { errorOf, type Stage, testStage } from "./support/stage.ts";

const admission = new Interface(abi.Admission);
/** `IAdmission.Kind.Relay`. */
const RELAY = 3;

describe("brop council", function () {
  this.timeout(180_000);
  let stage: Stage;
  const relay = Wallet.createRandom().address;

  before(async () => {
    stage = await testStage();
    const { seats } = await testChain();
    for (const [index, { privateKey }] of seats.entries()) await stage.keys.create(`seat-${index + 1}`, { privateKey });
    await stage.keys.create("passer-by");
  });

  /** A file with a proposal that admits a relay. */
  function proposal(changes: Record<string, unknown> = {}): Promise<string> {
    const data = admission.encodeFunctionData("admit", [relay, RELAY, 5]);
    const content = { reason: keccakOf("why"), calls: [{ target: SYSTEM_ADDRESSES.Admission, data }], ...changes };
    return stage.file("proposal.json", JSON.stringify(content));
  }

  async function untilBlock(block: number): Promise<void> {
    const rpc = new RpcClient((await testChain()).url);
    while (Number(await rpc.call<string>("eth_blockNumber")) < block) await sleep(200);
    rpc.close();
  }

  it("takes a proposal from its file to its execution, by votes of more than two thirds of the seats", async () => {
    const opened = await stage.json(["council", "propose", await proposal(), "--as", "seat-1"]);
    expect(opened).to.deep.include({ votes: 1, quorum: 3 });
    const number = String(opened.proposal);

    const open = await stage.json(["council", "show", number]);
    expect(open).to.deep.include({ status: "open", votes: 1, quorum: 3 });
    expect(open.calls).to.deep.equal([
      { contract: `${open.calls[0].contract.slice(0, 42)} (Admission)`, call: `admit(${relay}, ${RELAY}, 5)` },
    ]);

    const second = await stage.json(["council", "vote", number, "--as", "seat-2"]);
    expect(second).to.deep.include({ votes: 2, status: "open" });
    const third = await stage.json(["council", "vote", number, "--as", "seat-3"]);
    expect(third).to.deep.include({ votes: 3, status: "agreed" });

    const early = errorOf(await stage.run(["council", "execute", number, "--as", "seat-1", "--json"]));
    expect(early.detail).to.contain("CouncilTooEarly");
    await untilBlock(third.executableFrom);
    await stage.json(["council", "execute", number, "--as", "seat-4"]);
    expect(await stage.json(["council", "show", number])).to.deep.include({ status: "executed" });
    const words = (await stage.run(["council", "show", number])).stdout;
    expect(words).to.contain(`admit(${relay}`).and.to.contain("voted for it").and.to.contain("has not voted");

    const rpc = new RpcClient((await testChain()).url);
    const data = admission.encodeFunctionData("senderOf", [relay]);
    const answer = await rpc.call<string>("eth_call", [{ to: SYSTEM_ADDRESSES.Admission, data }, "latest"]);
    rpc.close();
    expect(Number(admission.decodeFunctionResult("senderOf", answer)[0].kind)).to.equal(RELAY);
  });

  it("refuses a second vote of a seat, and whoever has none", async () => {
    const { proposal: number } = await stage.json(["council", "propose", await proposal(), "--as", "seat-1"]);
    const twice = errorOf(await stage.run(["council", "vote", String(number), "--as", "seat-1", "--json"]));
    expect(twice.detail).to.contain("CouncilAlreadyVoted");
    const stranger = await stage.run(["council", "vote", String(number), "--as", "passer-by", "--json"]);
    expect(errorOf(stranger).code).to.be.oneOf(["access.denied", "sender.not-admitted"]);
  });

  it("refuses a file that is no proposal, and a number that there is not", async () => {
    const attempts = [{ calls: [] }, { reason: "0x12" }, { calls: [{ target: "0x12", data: "0x" }] }];
    for (const changes of attempts) {
      const path = await proposal(changes);
      const error = errorOf(await stage.run(["council", "propose", path, "--as", "seat-1", "--json"]));
      expect(error.code, JSON.stringify(changes)).to.equal("request.invalid");
    }
    const unknown = errorOf(await stage.run(["council", "show", "4096", "--json"]));
    expect(unknown.detail).to.contain("CouncilProposalUnknown");
  });

  it("counts a vote for an emergency pause, and tells how many are needed", async () => {
    const ground = await stage.file("ground.txt", "points are taken from accounts that did nothing");
    const missing = await stage.run(["council", "pause", "--ground", "not-there.txt", "--as", "seat-1", "--json"]);
    expect(errorOf(missing).code).to.equal("file.not-found");
    const stranger = await stage.run(["council", "pause", "--ground", ground, "--as", "passer-by", "--json"]);
    expect(errorOf(stranger).code).to.be.oneOf(["access.denied", "sender.not-admitted"]);
    // One vote pauses nothing: the chain of the tests is everybody's.
    const first = await stage.json(["council", "pause", "--ground", ground, "--as", "seat-1"]);
    expect(first).to.deep.equal({ votes: 1, quorum: 2, pausedUntil: null });
  });

  it("wants to know whose key signs", async () => {
    const { code, stderr } = await stage.run(["council", "propose", await proposal()]);
    expect(code).to.equal(2);
    expect(stderr).to.contain("--as NAME");
  });
});

import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { type BundleRequest, buildBundle, type ClaimRequest } from "../../../src/chain/bundle/build-bundle.ts";
import { RpcClient } from "../../../src/chain/rpc-client.ts";
import { CONTRACT_REGISTERED, RECORDED } from "../../../src/core/bundle/events.ts";
import { DIRECTORY } from "../../../src/core/bundle/listed-contracts.ts";
import type { Verdict } from "../../../src/core/bundle/verdict.ts";
import { verifyBundle } from "../../../src/core/bundle/verify-bundle.ts";
import { bytesToHex } from "../../../src/core/hex.ts";
import { readTrust, type Trust } from "../../../src/core/qbft/trust.ts";
import { createRecordInput } from "../../../src/sdk/index.ts";
import { testAccessNode } from "../../support/access-node.ts";
import { testChain } from "../../support/chain.ts";
import { type People, testPeople } from "../../support/people.ts";
import { SealingNode } from "../../support/sealing-node.ts";

interface Log {
  address: string;
  topics: string[];
  blockNumber: string;
  logIndex: string;
}

describe("proof bundles of what the real contracts say", function () {
  this.timeout(180_000);
  let people: People;
  let node: SealingNode;
  let sealed: RpcClient;
  let bare: RpcClient;
  let trust: Trust;
  let claim: ClaimRequest;
  let contracts: BundleRequest["contracts"];

  before(async () => {
    people = await testPeople();
    const chain = await testChain();
    node = await SealingNode.start(chain, `${(await testAccessNode()).url}/rpc`);
    [sealed, bare] = [new RpcClient(node.url), new RpcClient(chain.url)];
    trust = readTrust({ checkpoint: await node.checkpoint() });
    const { brop, user } = people;
    const record = createRecordInput({ digest: bytesToHex(randomBytes(32)) });
    const response = await brop.contracts.records.connect(user).record(record);
    await response.wait();
    const filter = { fromBlock: "0x1", toBlock: "latest" };
    const [log] = await bare.call<Log[]>("eth_getLogs", [{ ...filter, topics: [RECORDED, record.digest] }]);
    const { digest, algorithm, kind, subject, businessKey, refersTo } = record;
    claim = {
      ...{ kind: "record", owner: user.address.toLowerCase(), responsible: ZeroAddress },
      record: { digest, algorithm, kind, subject, businessKey, refersTo },
      at: positionOf(log as Log),
    };
    const listings = await bare.call<Log[]>("eth_getLogs", [
      { ...filter, address: DIRECTORY, topics: [CONTRACT_REGISTERED] },
    ]);
    contracts = new Map(
      listings.map((one) => [
        Buffer.from((one.topics[1] as string).slice(2), "hex")
          .toString()
          .replaceAll("\0", ""),
        { address: `0x${(one.topics[2] as string).slice(26)}`, listed: positionOf(one) },
      ]),
    );
  });

  after(async () => {
    sealed.close();
    bare.close();
    await node.stop();
  });

  const positionOf = ({ blockNumber, logIndex }: Log) => ({ block: Number(blockNumber), logIndex: Number(logIndex) });
  const build = async (rpc: RpcClient, more: Partial<BundleRequest>) =>
    buildBundle((method, params) => rpc.call(method, [...params]), { claim, changes: [], contracts, ...more });
  const head = async () => Number(await bare.call<string>("eth_blockNumber"));
  const factsOf = (verdict: Verdict, name: string) => verdict.statements.find((one) => one.name === name)?.facts;

  it("prove a record, its standing, and who had certified its owner", async () => {
    const { user, partner } = people;
    const certification = { account: user.address.toLowerCase(), certifier: partner.address.toLowerCase() };
    const bundle = await build(sealed, { state: await head(), certification });
    const verdict = await verifyBundle(bundle, trust);
    expect([verdict.state, verdict.reason], JSON.stringify(verdict.statements.at(-1))).to.deep.equal([
      "proven",
      undefined,
    ]);
    expect(factsOf(verdict, "status")).to.include({ status: "valid" });
    expect(factsOf(verdict, "certification")).to.include({
      isLive: true,
      certifierStatus: "admitted",
      status: "active",
    });
  });

  it("say of a development chain that nobody sealed it", async () => {
    const verdict = await verifyBundle(await build(bare, {}), undefined);
    expect([verdict.state, verdict.reason], JSON.stringify(verdict.statements.at(-1))).to.deep.equal([
      "unsealed",
      undefined,
    ]);
    expect((await verifyBundle(await build(bare, {}), trust)).reason).to.equal("network.unsealed");
  });
});

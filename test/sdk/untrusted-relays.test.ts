import { expect } from "chai";
import { id, type Wallet } from "ethers";
import { nonceSlot } from "../../src/chain/operation-end/nonce-slot.ts";
import { ReceiptProofs } from "../../src/chain/receipt-proofs.ts";
import { BropError } from "../../src/core/errors.ts";
import { ENTRY_POINT, userOperationHash } from "../../src/core/user-operation.ts";
import { askAt } from "../../src/sdk/endpoints.ts";
import { type Account, type Brop, connect, createRecordInput, type RelayFault } from "../../src/sdk/index.ts";
import { startAccessNode, type TestAccessNode } from "../support/access-node.ts";
import { type TestChain, testChain } from "../support/chain.ts";
import { testPeople } from "../support/people.ts";
import { rejection } from "../support/rejection.ts";
import { SealingNode, SILENCE } from "../support/sealing-node.ts";

describe("access nodes that nobody trusts", () => {
  let chain: TestChain;
  let behind: TestAccessNode;
  let nodes: SealingNode[];
  let open: Brop[];
  let faults: RelayFault[];
  let user: { address: string; owner: Wallet };

  before("start a chain and an access node", async function () {
    this.timeout(120_000);
    const people = await testPeople();
    chain = await testChain();
    behind = await startAccessNode(chain, chain.relays[2]?.privateKey as string);
    user = { address: people.user.address, owner: people.userWallet };
  });

  after(() => behind.stop());

  beforeEach(async () => {
    open = [];
    faults = [];
    nodes = [await SealingNode.start(chain, `${behind.url}/rpc`), await SealingNode.start(chain, `${behind.url}/rpc`)];
  });

  afterEach(async () => {
    for (const brop of open) brop.close();
    for (const node of nodes) await node.stop();
  });

  const kinds = () => faults.map(({ url, kind }) => `${nodes.findIndex((node) => node.url === url)} ${kind}`);

  async function sealed(changes: object = {}): Promise<{ brop: Brop; account: Account }> {
    const [first] = nodes as [SealingNode];
    const trust = { checkpoint: await first.checkpoint() };
    const relays = nodes.map(({ url }) => url);
    const onRelayFault = (fault: RelayFault) => faults.push(fault);
    const brop = await connect({ relays, trust, onRelayFault, pollingInterval: 100, timeout: 2_000, ...changes });
    open.push(brop);
    return { brop, account: brop.account(user.address, user.owner) };
  }

  const record = (brop: Brop, account: Account, text: string) =>
    brop.contracts.records.connect(account).record(createRecordInput({ digest: id(`${text} ${Math.random()}`) }));

  function recordCall({ addresses, contracts }: Brop) {
    const input = createRecordInput({ digest: id(`a call ${Math.random()}`) });
    return { to: addresses.records, data: contracts.records.interface.encodeFunctionData("record", [input]) };
  }

  /** The bundle that included an operation. */
  async function bundleOf(
    { provider }: Brop,
    receipt: { blockNumber: number; logs: readonly { transactionHash: string }[] } | null,
  ) {
    const transactionHash = receipt?.logs[0]?.transactionHash ?? "";
    expect(await provider.send("eth_getTransactionReceipt", [transactionHash])).to.be.an("object");
    return { transactionHash, block: receipt?.blockNumber };
  }

  it("bring operations to an end that is proven, with the receipt in ethers' form", async () => {
    const { brop, account } = await sealed();
    const response = await record(brop, account, "proven");
    const receipt = await response.wait();
    expect(receipt?.status).to.equal(1);
    expect(receipt?.hash).to.equal(response.hash);
    expect(receipt?.logs.map(({ address }) => address)).to.include(brop.addresses.records);
    expect(receipt?.from).to.equal(account.address);
    expect(kinds()).to.deep.equal([]);
    expect(brop.addresses).to.include({ records: chain.addresses.Records, partners: chain.addresses.Partners });
  });

  it("give proofs of receipts that the SDK judges, and forged ones are refused", async () => {
    const { brop, account } = await sealed();
    const [node, other] = nodes as [SealingNode, SealingNode];
    const { transactionHash, block } = await bundleOf(brop, await (await record(brop, account, "with proof")).wait());
    const { proof } = await new ReceiptProofs(askAt(node.url)).find(transactionHash);
    if (proof === null) throw new Error("There is no proof");
    const proven = await brop.verifyReceiptProof(JSON.parse(JSON.stringify(proof)));
    expect(proven.block).to.equal(block);
    expect(proven.receipt.logs.some(({ address }) => address === brop.addresses.records.toLowerCase())).to.equal(true);
    other.answers.eth_getBlockByNumber = async (_params, pass) => other.seal((await pass()) as never, chain.relays);
    const { proof: forged } = await new ReceiptProofs(askAt(other.url)).find(transactionHash);
    for (const bad of [forged, { ...proof, transactionIndex: 1 }, { ...proof, nodes: [] }, null, {}, "0x"]) {
      expect((await rejection(brop.verifyReceiptProof(bad)))?.code).to.equal("proof.invalid");
    }
    expect(kinds()).to.deep.equal([]);
    // A chain of blocks that nobody seals has none, nor has a transaction that is in no block.
    const plain = new ReceiptProofs(askAt(chain.url));
    expect(await plain.find(transactionHash))
      .to.have.property("proofUnavailable")
      .that.matches(/not sealed/);
    expect(await plain.find(id("none")))
      .to.have.property("proofUnavailable")
      .that.matches(/in no block/);
  });

  it("can not make up the addresses of contracts", async () => {
    const [liar] = nodes as [SealingNode];
    const lie = `0x${"00".repeat(12)}${"66".repeat(20)}`;
    liar.answers.eth_call = () => lie;
    const { brop } = await sealed();
    expect(brop.addresses.records).to.equal(chain.addresses.Records);
  });

  it("are left when they show an operation as failed that succeeded", async () => {
    const [liar] = nodes as [SealingNode];
    liar.answers.eth_getBlockReceipts = async (_params, pass) => {
      const receipts = (await pass()) as { logs: { data: string }[] }[];
      return receipts.map((one) => ({
        ...one,
        logs: one.logs.map((log) => ({ ...log, data: log.data.replace(/^(0x.{64}0{63})1/, "$10") })),
      }));
    };
    const { brop, account } = await sealed();
    const receipt = await (await record(brop, account, "false receipt")).wait();
    expect(receipt?.status).to.equal(1);
    expect(kinds()).to.deep.equal(["0 lied"]);
    // It is not asked again, by nobody.
    liar.asked.length = 0;
    await (await record(brop, account, "after")).wait();
    await brop.provider.getBlockNumber();
    expect(liar.asked).to.deep.equal([]);
    expect(brop.relayFaults.map(({ kind }) => kind)).to.deep.equal(["lied"]);
  });

  it("are left when they say *expired* of an operation that is included later", async function () {
    this.timeout(60_000);
    const [liar] = nodes as [SealingNode];
    // It takes the operation, keeps it, and shows a future that strangers sealed.
    liar.answers.eth_sendUserOperation = () => hash;
    let hash = "";
    const { brop, account } = await sealed();
    const operation = await account.signCalls([recordCall(brop)], { deadlineBlocks: 40 });
    hash = userOperationHash(operation, ENTRY_POINT, BigInt(chain.chainId));
    const strangers = chain.relays.slice(0, 3);
    liar.answers.eth_blockNumber = async (_params, pass) => `0x${(Number(await pass()) + 100).toString(16)}`;
    liar.answers.eth_getBlockByNumber = async ([number], pass) => {
      const block = (await pass()) as Record<string, unknown> | null;
      if (block !== null) return block;
      const [honest] = nodes.slice(1) as [SealingNode];
      const newest = (await askAt(honest.url)("eth_getBlockByNumber", ["latest", false])) as Record<string, unknown>;
      return liar.seal({ ...newest, number }, strangers);
    };
    const response = await account.sendOperation(operation);
    const receipt = await response.wait();
    expect(receipt.status).to.equal(1);
    expect(kinds()).to.include("0 lied");
  });

  it("are left when they prove *expired* by another serial", async function () {
    this.timeout(60_000);
    const [liar] = nodes as [SealingNode];
    liar.answers.eth_getLogs = () => [];
    liar.answers.eth_getProof = async ([address, slots, tag], pass) => {
      if ((slots as string[]).length !== 1 || address !== "0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108") return pass();
      const other = nonceSlot(user.address, 12_345n);
      return askAt((nodes[1] as SealingNode).url)("eth_getProof", [address, [other], tag]);
    };
    const { brop, account } = await sealed({ patienceBlocks: 100 });
    const response = await account.sendCalls([recordCall(brop)], { deadlineBlocks: 4 });
    const receipt = await response.wait();
    expect(receipt.status).to.equal(1);
    expect(kinds()).to.deep.equal(["0 lied"]);
  });

  it("prove *expired* when it is true, by the storage of the real EntryPoint", async function () {
    this.timeout(60_000);
    for (const node of nodes) node.answers.eth_sendUserOperation = () => hash;
    let hash = "";
    const { brop, account } = await sealed();
    const operation = await account.signCalls([recordCall(brop)], { deadlineBlocks: 4 });
    hash = userOperationHash(operation, ENTRY_POINT, BigInt(chain.chainId));
    const response = await account.sendOperation(operation);
    const error = await rejection(response.wait());
    expect(error?.code).to.equal("operation.expired");
    expect(Number(error?.details.provenAtBlock)).to.be.greaterThan(Number(error?.details.deadline));
    expect(kinds()).to.deep.equal([]);
  });

  it("are left when they censor: the operation goes to another", async function () {
    this.timeout(60_000);
    const [censor] = nodes as [SealingNode];
    let hash = "";
    censor.answers.eth_sendUserOperation = () => hash;
    censor.answers.brop_getOperationStatus = () => null;
    const { brop, account } = await sealed();
    const operation = await account.signCalls([recordCall(brop)], { deadlineBlocks: 60 });
    hash = userOperationHash(operation, ENTRY_POINT, BigInt(chain.chainId));
    const receipt = await (await account.sendOperation(operation)).wait();
    expect(receipt.status).to.equal(1);
    expect(kinds()).to.deep.equal(["0 censored"]);
    expect(faults[0]?.operation).to.equal(hash);
  });

  it("are passed over when they refuse what another takes", async () => {
    const [refuser] = nodes as [SealingNode];
    refuser.answers.eth_sendUserOperation = () => {
      throw { code: -32500, message: "no", data: { code: "quota.exhausted", missing: "5", availableAtBlock: 9 } };
    };
    const { brop, account } = await sealed();
    expect((await (await record(brop, account, "refused")).wait())?.status).to.equal(1);
  });

  it("say why, when all refuse", async () => {
    const { account } = await sealed();
    const error = await rejection(account.sendCalls([{ to: account.address, data: "0x12345678" }]));
    expect(error).to.be.instanceOf(BropError);
    expect(error?.code).not.to.equal("chain.unreachable");
  });

  it("are passed over when they are silent", async function () {
    this.timeout(60_000);
    const { brop, account } = await sealed({ timeout: 500 });
    const [silent] = nodes as [SealingNode];
    const methods =
      "eth_blockNumber eth_getBlockByNumber eth_sendUserOperation eth_estimateUserOperationGas eth_call eth_getLogs";
    for (const method of methods.split(" ")) silent.answers[method] = () => SILENCE;
    expect((await (await record(brop, account, "silent")).wait())?.status).to.equal(1);
    expect(kinds()).to.deep.equal(["0 silent"]);
  });

  it("give no end when all of them lie: the wait says so", async () => {
    const { brop, account } = await sealed();
    for (const node of nodes) {
      node.answers.eth_getBlockReceipts = () => [];
      node.answers.eth_getLogs = async ([filter], pass) => {
        const { topics } = filter as { topics: [string, string[]] };
        const logs = (await pass()) as unknown[];
        const claim = {
          topics: [topics[0], topics[1]?.[0]],
          blockNumber: await askAt(node.url)("eth_blockNumber", []),
        };
        return Array.isArray(topics[1]) ? [claim] : logs;
      };
    }
    const response = await record(brop, account, "among liars");
    const error = await rejection(response.wait());
    expect(error?.code).to.equal("chain.unreachable");
    expect(error?.message).to.match(/did not lie/);
    expect(kinds().sort()).to.deep.equal(["0 lied", "1 lied"]);
  });

  it("are refused all together when none is of the network", async () => {
    const [first] = nodes as [SealingNode];
    const checkpoint = await first.checkpoint();
    const relays = nodes.map(({ url }) => url);
    const wrong = [
      { ...checkpoint, hash: id("another") },
      {
        ...checkpoint,
        validators: [...checkpoint.validators.slice(1), `0x${"12".repeat(20)}`, `0x${"13".repeat(20)}`],
      },
      { ...checkpoint, chainId: 5 },
    ];
    for (const other of wrong) {
      const error = await rejection(connect({ relays, trust: { checkpoint: other } }));
      expect(error?.code).to.equal("chain.unreachable");
    }
  });

  it("are believed only where the trusted start says that there is nothing to prove", async () => {
    const [first] = nodes as [SealingNode];
    const brop = await connect({ relays: [first.url], trust: { config: { chainId: chain.chainId } } });
    open.push(brop);
    expect(brop.relayFaults).to.deep.equal([]);
    const code = async (promise: Promise<unknown>) => (await rejection(promise))?.code;
    expect(await code(connect({ relays: [first.url], trust: { config: { chainId: 1 } } }))).to.equal("chain.wrong");
    expect(await code(connect({ relays: [first.url], trust: {} as never }))).to.equal("request.invalid");
    expect(await code(connect({ relays: [] }))).to.equal("request.invalid");
    const trust = { checkpoint: await first.checkpoint() };
    expect(await code(connect({ relays: [first.url], trust, chainId: 1 }))).to.equal("chain.wrong");
    // A node of unsealed blocks is none of this network.
    expect(await code(connect({ relays: [chain.url], trust }))).to.equal("chain.unreachable");
  });
});

import { expect } from "chai";
import { ReceiptProofs } from "../../src/chain/receipt-proofs.ts";
import { SealedChain } from "../../src/chain/sealed-chain.ts";
import { FakeRelay } from "../support/fake-relay.ts";
import { endingOperation, inBlock } from "../support/proven-ends.ts";
import { rejectionCode } from "../support/rejection.ts";
import { validatorKey } from "../support/sealed-block.ts";
import { SealedNetwork } from "../support/sealed-network.ts";

describe("receipt proofs from a node of one's own", () => {
  function network() {
    const made = new SealedNetwork();
    made.mineTo(3);
    const bundles = Array.from({ length: 30 }, () => [inBlock(endingOperation(9))]);
    made.mine({ bundles });
    made.mine({ validators: [5, 6, 7, 8].map(validatorKey) });
    made.mine({ bundles: [[inBlock(endingOperation(9))]] });
    return made;
  }

  async function hashesOf(made: SealedNetwork, number: number): Promise<string[]> {
    const block = (await made.ask("eth_getBlockByNumber", [`0x${number}`, true])) as {
      transactions: { hash: string }[];
    };
    return block.transactions.map(({ hash }) => hash);
  }

  it("are believed by whoever starts from the genesis file, also behind a change of the validators", async () => {
    const made = network();
    const proofs = new ReceiptProofs(made.ask);
    const chain = new SealedChain(made.trust);
    for (const number of [4, 6]) {
      for (const [index, hash] of (await hashesOf(made, number)).entries()) {
        const { proof } = await proofs.find(hash);
        const proven = await chain.receiptProof(made.ask, proof);
        expect(proven).to.include({ block: number, transactionIndex: index });
        expect(proven.receipt.logs).to.have.length(2);
      }
    }
    expect(chain.set.epoch).to.equal(1);
  });

  it("ask for a block once, however many of its transactions are proven", async () => {
    const made = network();
    const node = new FakeRelay("node", made);
    const proofs = new ReceiptProofs(node.ask);
    await Promise.all((await hashesOf(made, 4)).map((hash) => proofs.find(hash)));
    expect(node.asked.filter((method) => method === "eth_getBlockReceipts")).to.have.length(1);
  });

  it("say why there is none", async () => {
    const made = network();
    const [hash] = (await hashesOf(made, 4)) as [string];
    const unsealed = new FakeRelay("development", made, {
      eth_getBlockByNumber: async (params) => ({
        ...((await made.ask("eth_getBlockByNumber", params)) as object),
        mixHash: `0x${"00".repeat(32)}`,
      }),
    });
    expect(await new ReceiptProofs(unsealed.ask).find(hash)).to.deep.equal({
      proof: null,
      proofUnavailable: "the blocks of this chain are not sealed",
    });
    expect(await new ReceiptProofs(made.ask).find(`0x${"77".repeat(32)}`)).to.deep.equal({
      proof: null,
      proofUnavailable: "the transaction is in no block of this chain",
    });
  });

  it("are not made from answers that do not fit together, and asked for again", async () => {
    const made = network();
    const [hash] = (await hashesOf(made, 4)) as [string];
    const node = new FakeRelay("ill", made, { eth_getBlockReceipts: () => [] });
    const proofs = new ReceiptProofs(node.ask);
    expect(await rejectionCode(proofs.find(hash))).to.equal("proof.invalid");
    const gone = new FakeRelay("gone", made, { eth_getBlockByNumber: () => null });
    expect(await rejectionCode(new ReceiptProofs(gone.ask).find(hash))).to.equal("proof.invalid");
  });
});

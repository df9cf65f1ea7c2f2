import { expect } from "chai";
import { AbstractSigner, dataLength, encodeBytes32String, type Signer, type TransactionRequest } from "ethers";
import { creationsOf } from "../../../scripts/deployment/creation.ts";
import { deploy, isDeployed } from "../../../scripts/deployment/deploy.ts";
import { nameOf, PLAN } from "../../../scripts/deployment/plan.ts";
import { ROLES } from "../../../src/chain/genesis/parameters.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { walletOf } from "../support/actors.ts";
import { applyGenesis, ethers, MEASURES_COVERAGE, networkHelpers, provider, signerAt } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { emptyChain, startFrom } from "../support/fixtures.ts";
import { foundedNetwork, GENESIS, type Platform, platform } from "../support/platform.ts";

/** Caps of a transaction's gas (EIP-7825), of a contract's code (EIP-170) and of creation code (EIP-3860). */
const TRANSACTION_GAS_CAP = 2n ** 24n;
const CODE_CAP = 24_576;
const CREATION_CODE_CAP = 49_152;

class Interrupted extends Error {}

/** Signs so many transactions, then the machine goes down. */
class FailingSigner extends AbstractSigner {
  readonly #signer: Signer;
  #left: number;

  constructor(signer: Signer, transactions: number) {
    super(signer.provider);
    this.#signer = signer;
    this.#left = transactions;
  }

  override getAddress = () => this.#signer.getAddress();
  override connect = () => this;
  override signTransaction = () => this.#signer.signTransaction({});
  override signMessage = () => this.#signer.signMessage("");
  override signTypedData = () => this.#signer.signTypedData({}, {}, {});

  override async sendTransaction(transaction: TransactionRequest) {
    if (this.#left-- === 0) throw new Interrupted();
    return this.#signer.sendTransaction(transaction);
  }
}

/** Runs the deployment until it was interrupted. @returns whether it came to its end */
async function deployInterrupted(operator: Signer, transactions: number): Promise<boolean> {
  try {
    await deploy(new FailingSigner(operator, transactions));
    return true;
  } catch (error) {
    if (error instanceof Interrupted) return false;
    throw error;
  }
}

async function complete({ directory }: Pick<Platform, "directory">) {
  const names = await directory.names(0, 100);
  return Promise.all(names.map((name) => directory.entryOf(name)));
}

describe("The deployment", () => {
  it("run again sends nothing and finds everything", async () => {
    const p = await platform();
    const again = await deploy(p.operator);
    expect(again).to.deep.equal({ addresses: p.addresses, deployed: [], transactions: 0 });
    expect(await isDeployed(p.operator)).to.equal(true);
  });

  it("gives the same addresses whoever the operator is and whatever it did before", async () => {
    const { addresses } = await platform();
    await startFrom(emptyChain);
    const other = walletOf("another operator").address;
    await applyGenesis({ ...GENESIS, operator: other, chainId: 1 });
    const operator = await signerAt(other);
    for (let nonce = 0; nonce < 5; nonce++) await operator.sendTransaction({ to: other, gasPrice: 0 });
    expect((await deploy(operator)).addresses).to.deep.equal(addresses);
  });

  it("interrupted after any of its steps and run again ends the same", async () => {
    const p = await platform();
    const expected = (await complete(p)).map(({ target, abiDigest }) => [target, abiDigest]);
    const operator = await foundedNetwork();
    let runs = 0;
    // Each run goes one step further and is interrupted there, so that every step is the last one once.
    while (!(await deployInterrupted(operator, 1))) {
      runs++;
      expect(runs).to.be.below(1_000);
    }
    const { transactions, addresses } = await deploy(operator);
    expect(transactions).to.equal(0);
    expect(addresses).to.deep.equal(p.addresses);
    expect((await complete(p)).map(({ target, abiDigest }) => [target, abiDigest])).to.deep.equal(expected);
    // One transaction a step, as in one go: nothing was made twice.
    const events = await p.directory.queryFilter(p.directory.filters.ContractCreated());
    const creations = PLAN.flatMap((contract) => creationsOf(contract, p.addresses).map(({ address }) => address));
    expect(events.map(({ args }) => args[0])).to.deep.equal(creations);
    expect(runs).to.be.at.least(creations.length * 2 - 2);
  }).timeout(120_000);

  it("goes on after another operator took over in the middle", async () => {
    const p = await platform();
    const successor = await signerAt(walletOf("successor").address);
    const first = await foundedNetwork();
    expect(await deployInterrupted(first, 7)).to.equal(false);
    const council = await signerAt(SYSTEM_ADDRESSES.Council);
    const manager = p.accessManager.connect(council) as typeof p.accessManager;
    await manager.getFunction("grantRole")(ROLES.operator, successor.address, 0);
    await manager.getFunction("revokeRole")(ROLES.operator, first.address);
    expect((await deploy(successor)).addresses).to.deep.equal(p.addresses);
  });

  it("waits for what an interrupted run left in the pool, and does not send it again", async () => {
    const p = await platform();
    const operator = await foundedNetwork();
    const mine = (each: boolean) => provider.request({ method: "evm_setAutomine", params: [each] });
    await mine(false);
    try {
      const nonce = await operator.getNonce("latest");
      expect(await deployInterrupted(operator, 4)).to.equal(false);
      const again = deploy(operator);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await operator.getNonce("pending")).to.equal(nonce + 4);
      await mine(true);
      await networkHelpers.mine();
      const { addresses, deployed } = await again;
      expect(addresses).to.deep.equal(p.addresses);
      // The first contract was complete with those four.
      expect(deployed).to.deep.equal(PLAN.slice(1).map(nameOf));
    } finally {
      await mine(true);
    }
  });

  it("refuses a key that is not the operator's, with words, before it sends anything", async () => {
    await foundedNetwork();
    const stranger = await signerAt(walletOf("stranger").address);
    const failure = await deploy(stranger).catch((error: Error) => error.message);
    expect(failure).to.equal(`${stranger.address} does not hold the operator's role`);
    expect(await stranger.getNonce()).to.equal(0);
  });

  it("leaves in place what Council replaced", async () => {
    const p = await platform();
    const name = encodeBytes32String("LegalDocuments");
    await decide(p, [p.directory, "replace", [name, p.addresses.Account, name]]);
    const again = await deploy(p.operator);
    expect(again.addresses.LegalDocuments).to.equal(p.addresses.Account);
    expect(again.deployed).to.deep.equal([]);
  });

  it("stays below the caps of a transaction's gas, of code and of creation code, which every chain has", async function () {
    if (MEASURES_COVERAGE) this.skip();
    const p = await platform();
    for (const contract of PLAN) {
      for (const { what, address, code } of creationsOf(contract, p.addresses)) {
        expect(dataLength(code), what).to.be.at.most(CREATION_CODE_CAP);
        expect(dataLength(await ethers.provider.getCode(address)), what).to.be.within(1, CODE_CAP);
      }
    }
    for (const { transactionHash } of await p.directory.queryFilter(p.directory.filters.ContractCreated())) {
      const transaction = await ethers.provider.getTransaction(transactionHash);
      expect(transaction?.gasLimit).to.be.at.most(TRANSACTION_GAS_CAP);
      expect(transaction?.to).to.equal(SYSTEM_ADDRESSES.Directory);
    }
    expect(new Set(PLAN.map(nameOf)).size).to.equal(PLAN.length);
  });
});

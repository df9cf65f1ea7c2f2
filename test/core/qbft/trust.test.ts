import { expect } from "chai";
import { Wallet } from "ethers";
import { genesisAllocation } from "../../../src/chain/genesis/allocation.node.ts";
import { BropError } from "../../../src/core/errors.ts";
import { genesisHash } from "../../../src/core/qbft/genesis.ts";
import { type GenesisDescription, readTrust, type TrustDescription } from "../../../src/core/qbft/trust.ts";
import { VALIDATOR_REGISTRY } from "../../../src/core/qbft/validator-set.ts";
import { besuGenesis } from "../../../src/network/genesis/besu-genesis.ts";
import { contractModeBlock, recorded } from "../../support/qbft-recordings.ts";
import { SealedNetwork } from "../../support/sealed-network.ts";

function refusal(description: unknown): string {
  try {
    readTrust(description as TrustDescription);
  } catch (error) {
    if (!(error instanceof BropError)) throw error;
    expect(error.code).to.equal("request.invalid");
    return error.message;
  }
  throw new Error("Nothing was refused");
}

describe("a trusted start", () => {
  const { genesis, trust } = new SealedNetwork();
  const { config, alloc } = genesis as unknown as {
    config: Record<string, unknown>;
    alloc: Record<string, { storage: Record<string, string> }>;
  };
  const changed = (members: Record<string, unknown>) => ({ ...genesis, ...members }) as GenesisDescription;
  const stored = (slot: string, value: string) => {
    const { address } = VALIDATOR_REGISTRY;
    const storage = { ...alloc[address]?.storage, [`0x${slot.padStart(64, "0")}`]: value };
    return changed({ alloc: { ...alloc, [address]: { ...alloc[address], storage } } });
  };

  it("has the hash of block 0 that Besu worked out from the same genesis file", () => {
    expect(genesisHash(recorded("contract-mode/genesis"))).to.equal(contractModeBlock(0).hash);
  });

  it("reads chain id, block 0 and validators from BROP's own genesis file", async function () {
    this.timeout(60_000);
    const seats = [1, 2, 3, 4].map(() => Wallet.createRandom().address);
    const validators = seats.map((seat) => ({ seat, node: Wallet.createRandom().address }));
    const parameters = { chainId: 4_242, operator: Wallet.createRandom().address, seats, relays: [], validators };
    const allocation = await genesisAllocation(parameters);
    const file = besuGenesis({ chainId: 4_242, blockGasLimit: 300_000_000, timestamp: 1_800_000_000, allocation });
    const read = readTrust(JSON.parse(JSON.stringify(file)));
    if (read.mode !== "sealed") throw new Error("No sealed network");
    expect(read.chainId).to.equal(4_242n);
    expect(read.set).to.deep.equal({
      epoch: 0,
      changedBlock: 0,
      validators: validators.map(({ node }) => node.toLowerCase()),
    });
    expect(read.anchor).to.deep.equal({ number: 0, hash: genesisHash(file) });
  });

  it("is a development chain only where the genesis file knows no consensus", () => {
    expect(readTrust({ config: { chainId: 8420 } })).to.deep.equal({ mode: "development", chainId: 8420n });
    expect(trust.mode).to.equal("sealed");
    const { qbft, ...without } = config;
    expect(qbft).to.be.an("object");
    expect(refusal(changed({ config: without }))).to.match(/mixHash/);
    for (const consensus of ["clique", "ibft", "ibft2", "ethash"]) {
      expect(refusal({ config: { chainId: 1, [consensus]: {} } })).to.match(/not judged/);
    }
  });

  it("is refused where the validators come from elsewhere than ValidatorSet", () => {
    for (const qbft of [{}, null, { validatorcontractaddress: "0x8888" }, { validatorcontractaddress: 7 }]) {
      expect(refusal(changed({ config: { ...config, qbft } }))).to.match(/ValidatorSet/);
    }
    expect(refusal(recorded("contract-mode/genesis"))).to.match(/ValidatorSet/);
  });

  it("is refused where ValidatorSet's storage is not a set with its hash", () => {
    refusal(changed({ alloc: {} }));
    refusal(changed({ alloc: undefined }));
    refusal(stored("0", "0x0"));
    refusal(stored("0", "0x3"));
    refusal(stored("0", "0x5"));
    refusal(stored("0", `0x${"ff".repeat(32)}`));
    refusal(stored("1", "0x1"));
    refusal(stored("0", "text"));
  });

  it("is refused without chain id, with later forks, or as anything else", () => {
    for (const chainId of [undefined, 0, -1, 1.5, "1", null]) refusal(changed({ config: { ...config, chainId } }));
    refusal(changed({ config: { ...config, osakaTime: 5 } }));
    refusal(changed({ config: { ...config, shanghaiTime: undefined } }));
    refusal(changed({ extraData: "0x" }));
    refusal(changed({ gasLimit: undefined }));
    for (const description of [undefined, null, 1, "", "http://127.0.0.1", [], {}, { config: null }])
      refusal(description);
  });

  it("can be a checkpoint: a block's hash with the validators of the time", () => {
    const checkpoint = {
      ...{ chainId: 5, number: 1_000, epoch: 3 },
      hash: `0x${"AB".repeat(32)}`,
      validators: trust.set.validators.map((address) => address.toUpperCase().replace("0X", "0x")),
    };
    expect(readTrust({ checkpoint })).to.deep.equal({
      ...{ mode: "sealed", chainId: 5n, anchor: { number: 1_000, hash: `0x${"ab".repeat(32)}` } },
      set: { epoch: 3, changedBlock: 1_000, validators: trust.set.validators },
    });
    const bad: Record<string, unknown[]> = {
      chainId: [undefined, 0, "5"],
      number: [undefined, -1, 1.5, "1000"],
      hash: [undefined, "0x", "0x12", 5],
      epoch: [undefined, -1, "3"],
      validators: [undefined, [], "0x", ["0x12"], [trust.set.validators[0], trust.set.validators[0]], [null]],
    };
    for (const [member, values] of Object.entries(bad)) {
      for (const value of values) refusal({ checkpoint: { ...checkpoint, [member]: value } });
    }
    for (const value of [undefined, null, 1, "x"]) refusal({ checkpoint: value });
  });
});

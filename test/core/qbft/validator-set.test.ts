import { expect } from "chai";
import { AbiCoder, Interface, keccak256 } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { BropError } from "../../../src/core/errors.ts";
import { setHashOf, VALIDATOR_REGISTRY, validatorsOf } from "../../../src/core/qbft/validator-set.ts";
import { addressOfKey, validatorKey } from "../../support/sealed-block.ts";
import { changeLog } from "../../support/sealed-network.ts";

const contract = new Interface(abi.ValidatorSet);
const validators = [1, 2, 3, 4].map((name) => addressOfKey(validatorKey(name)));

describe("ValidatorSet's changes", () => {
  const hash = keccak256(AbiCoder.defaultAbiCoder().encode(["uint64", "address[]"], [7, validators]));
  const [first, second, third] = validators as [string, string, string];

  it("are read as the contract writes them", () => {
    const { topics, data } = contract.encodeEventLog("ValidatorsChanged", [7, first, second, third, hash, validators]);
    expect(topics[0]).to.equal(VALIDATOR_REGISTRY.topic);
    const log = { address: VALIDATOR_REGISTRY.address, topics, data };
    expect(VALIDATOR_REGISTRY.read(log)).to.deep.equal({ epoch: 7, validators });
    expect(VALIDATOR_REGISTRY.address).to.equal(SYSTEM_ADDRESSES.ValidatorSet.toLowerCase());
  });

  it("have the hash that the contract stores", () => {
    expect(setHashOf(7, validators)).to.equal(hash);
    expect(VALIDATOR_REGISTRY.summary?.hashOf({ epoch: 7, changedBlock: 1, validators })).to.equal(hash);
  });

  it("are written by tests as by the contract", () => {
    const zero = `0x${"00".repeat(20)}`;
    const { topics, data } = contract.encodeEventLog("ValidatorsChanged", [7, zero, zero, zero, hash, validators]);
    expect(changeLog(7, validators)).to.deep.equal({ address: VALIDATOR_REGISTRY.address, topics, data });
  });

  it("are refused as sets that no network has", () => {
    const sixtyFive = Array.from({ length: 65 }, (_, at) => addressOfKey(validatorKey(`many ${at}`)));
    validatorsOf(sixtyFive.slice(1));
    for (const set of [
      [],
      sixtyFive,
      [first, first],
      [first, first.toUpperCase().replace("X", "x")],
      ["0x12"],
      ["text"],
    ]) {
      expect(() => validatorsOf(set)).to.throw(BropError, "The proof does not hold");
    }
    const log = changeLog(7, validators);
    const dirty = {
      ...log,
      data: log.data
        .replace(first.slice(2), first.slice(2))
        .replace(`${"0".repeat(24)}${second.slice(2)}`, `${"1".repeat(24)}${second.slice(2)}`),
    };
    for (const bad of [dirty, { ...log, data: "0x" }, { ...log, topics: [log.topics[0] as string] }]) {
      expect(() => VALIDATOR_REGISTRY.read(bad)).to.throw(BropError, "The proof does not hold");
    }
  });
});

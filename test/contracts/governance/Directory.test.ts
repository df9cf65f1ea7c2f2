import { expect } from "chai";
import { encodeBytes32String, getCreate2Address, keccak256, ZeroAddress } from "ethers";
import type { Directory } from "../../../generated/contracts/index.ts";
import { creation } from "../../../scripts/deployment/creation.ts";
import { PLAN } from "../../../scripts/deployment/plan.ts";
import { readArtifact } from "../../../src/chain/artifacts.node.ts";
import { abiDigest } from "../../../src/chain/genesis/abi-digest.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { blockNumber, ethers, signerAt } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent, readEvents } from "../support/events.ts";
import { town } from "../support/participants.ts";
import { contractAt, deployed, platform } from "../support/platform.ts";
import { makeVoucher } from "../support/vouchers.ts";

const NAME = encodeBytes32String("Something");
const SYSTEM_NAMES = ["Directory", "AccessManager", "Council", "Admission", "Quota", "ValidatorSet", "EntryPoint"];
const DIGEST = digestOf("abi");

/** A contract that is not listed yet. */
async function unlisted() {
  const p = await platform();
  return { ...p, target: await deployed(p.operator, "evidence/Records", [ZeroAddress]) };
}

describe("Directory", () => {
  it("lists the system contracts and everything deployed, in the order of registration", async () => {
    const { directory } = await platform();
    const planned = PLAN.flatMap(({ name }) => (name === undefined ? [] : [name]));
    const expected = [...SYSTEM_NAMES, ...planned].map(encodeBytes32String);
    expect(await directory.names(0, 100)).to.deep.equal(expected);
  });

  it("gives every entry its address and the digest of its interface", async () => {
    const { directory, addresses } = await platform();
    for (const { name, path } of PLAN) {
      if (name === undefined) continue;
      const entry = await directory.entryOf(encodeBytes32String(name));
      expect(entry.target).to.equal(addresses[name]);
      expect(entry.version).to.equal(1n);
      expect(entry.abiDigest).to.equal(abiDigest(readArtifact(path).abi));
      expect(await directory.groupOf(entry.target)).to.equal(entry.target);
    }
    const quota = await directory.addressOf(encodeBytes32String("Quota"));
    expect(quota).to.equal(SYSTEM_ADDRESSES.Quota);
  });

  it("pages through its names", async () => {
    const { directory } = await platform();
    const all = await directory.names(0, 100);
    expect(await directory.names(2, 3)).to.deep.equal(all.slice(2, 5));
    expect(await directory.names(all.length - 1, 2n ** 256n - 1n)).to.deep.equal(all.slice(-1));
    expect(await directory.names(2n ** 256n - 1n, 2n ** 256n - 1n)).to.deep.equal([]);
  });

  it("answers with nothing for a name or contract that it does not know", async () => {
    const { directory } = await platform();
    expect(await directory.addressOf(NAME)).to.equal(ZeroAddress);
    expect(await directory.groupOf(walletOf("nobody").address)).to.equal(ZeroAddress);
    await expectRevert(directory.entryOf(NAME), "DirectoryNameUnknown", [NAME]);
  });

  it("creates contracts for the operator at addresses that follow from code and salt", async () => {
    const { directory, operator } = await platform();
    const { code, salt, address } = creation("", "Something", readArtifact("testing/Probe"), []);
    const acting = directory.connect(operator);
    expect(await acting.create.staticCall(code, salt)).to.equal(address);
    const events = await eventsOf(acting.create(code, salt));
    expectEvent(events, "ContractCreated", [address, salt, keccak256(code)]);
    expect(await ethers.provider.getCode(address)).to.equal(readArtifact("testing/Probe").deployedBytecode);
    expect(await directory.groupOf(address)).to.equal(ZeroAddress);
    await expectRevert(acting.create(code, salt), "DirectoryContractExists", [address]);
    const other = creation("", "Other", readArtifact("testing/Probe"), []);
    await eventsOf(acting.create(code, other.salt));
    expect(await ethers.provider.getCode(other.address)).to.equal(await ethers.provider.getCode(address));
  });

  it("creates nothing where a constructor reverts, there is no code or none is left", async () => {
    const { directory, operator } = await platform();
    const acting = directory.connect(operator);
    const nobody = walletOf("nobody").address;
    const proxy = creation("", "x", readArtifact("governance/SingletonProxy"), [nobody, "0x"]);
    await expectRevert(acting.create(proxy.code, proxy.salt), "ERC1967InvalidImplementation", [nobody]);
    // INVALID, nothing at all, and RETURN of no bytes.
    await expectRevert(acting.create("0xfe", NAME), "FailedDeployment", []);
    await expectRevert(acting.create("0x", NAME), "Create2EmptyBytecode", []);
    const target = getCreate2Address(SYSTEM_ADDRESSES.Directory, NAME, keccak256("0x5f5ff3"));
    await expectRevert(acting.create("0x5f5ff3", NAME), "DirectoryNotAContract", [target]);
    expect(await ethers.provider.getCode(target)).to.equal("0x");
  });

  it("lets the operator list a new contract under a free name", async () => {
    const { directory, operator, target } = await unlisted();
    const events = await eventsOf(directory.connect(operator).register(NAME, target, DIGEST));
    expectEvent(events, "ContractRegistered", [NAME, target, 1, DIGEST]);
    expect(await directory.entryOf(NAME)).to.deep.equal([target, 1n, BigInt(await blockNumber()), DIGEST]);
  });

  it("refuses a name that is taken, a contract listed already and an address without code", async () => {
    const { directory, operator, target, addresses } = await unlisted();
    const acting = directory.connect(operator);
    const records = encodeBytes32String("Records");
    await expectRevert(acting.register(records, target, DIGEST), "DirectoryNameTaken", [records, addresses.Records]);
    const listed = addresses.Records as string;
    await expectRevert(acting.register(NAME, listed, DIGEST), "DirectoryTargetListed", [listed]);
    const nobody = walletOf("nobody").address;
    await expectRevert(acting.register(NAME, nobody, DIGEST), "DirectoryNotAContract", [nobody]);
  });

  it("lets Council point a name elsewhere; the contract before it is no longer listed", async () => {
    const p = await unlisted();
    const name = encodeBytes32String("Records");
    const names = await p.directory.names(0, 100);
    const receipt = await decide(p, [p.directory, "replace", [name, p.target, DIGEST]]);
    expectEvent(readEvents(receipt.logs), "ContractRegistered", [name, p.target, 2, DIGEST]);
    expect(await p.directory.addressOf(name)).to.equal(p.target);
    expect(await p.directory.groupOf(p.addresses.Records as string)).to.equal(ZeroAddress);
    expect(await p.directory.names(0, 100)).to.deep.equal(names);
  });

  it("lets Council give a name the digest of a new interface", async () => {
    const p = await platform();
    const name = encodeBytes32String("Records");
    const { Records } = p.addresses;
    await decide(p, [p.directory, "replace", [name, Records, DIGEST]]);
    expect((await p.directory.entryOf(name)).abiDigest).to.equal(DIGEST);
    expect(await p.directory.groupOf(Records as string)).to.equal(Records);
  });

  it("does not let Council replace what is not listed, or by what is", async () => {
    const { directory, target, addresses } = await unlisted();
    const council = directory.connect(await signerAt(SYSTEM_ADDRESSES.Council));
    await expectRevert(council.replace(NAME, target, DIGEST), "DirectoryNameUnknown", [NAME]);
    const other = addresses.Partners as string;
    const replaced = council.replace(encodeBytes32String("Records"), other, DIGEST);
    await expectRevert(replaced, "DirectoryTargetListed", [other]);
  });

  it("names the factory of an instance, not who called the factory", async () => {
    const p = await town();
    const voucher = await makeVoucher(p, p.dairy);
    const events = await p.directory.queryFilter(p.directory.filters.InstanceRegistered());
    expect([...(events.at(-1)?.args ?? [])]).to.deep.equal([p.addresses.VoucherFactory, await voucher.getAddress()]);
  });

  it("takes instances from listed contracts only, and each once", async () => {
    const { directory, operator, stranger, target, addresses } = await unlisted();
    for (const outsider of [operator, stranger]) {
      const attempt = directory.connect(outsider).registerInstance(target);
      await expectRevert(attempt, "DirectoryNotAFactory", [outsider.address]);
    }
    const factory = directory.connect(await signerAt(addresses.VoucherFactory as string));
    const events = await eventsOf(factory.registerInstance(target));
    expectEvent(events, "InstanceRegistered", [addresses.VoucherFactory, target]);
    expect(await directory.groupOf(target)).to.equal(addresses.VoucherFactory);
    await expectRevert(factory.registerInstance(target), "DirectoryTargetListed", [target]);
    const records = addresses.Records as string;
    await expectRevert(factory.registerInstance(records), "DirectoryTargetListed", [records]);
    // An instance is no factory.
    const instance = directory.connect(await signerAt(target));
    await expectRevert(instance.registerInstance(walletOf("x").address), "DirectoryNotAFactory", [target]);
  });

  it("takes its first entries from its initialisation", async () => {
    const { operator, target } = await unlisted();
    const code = await deployed(operator, "governance/Directory", []);
    const directory = contractAt<Directory>("Directory", code).connect(operator);
    const events = await eventsOf(directory.initialise([NAME], [target], [DIGEST]));
    expectEvent(events, "ContractRegistered", [NAME, target, 1, DIGEST]);
    expect(await directory.names(0, 10)).to.deep.equal([NAME]);
  });

  it("can not be initialised again", async () => {
    const { directory, operator } = await platform();
    await expectRevert(directory.connect(operator).initialise([], [], []), "UnauthorisedNotCouncil", [
      operator.address,
    ]);
  });
});

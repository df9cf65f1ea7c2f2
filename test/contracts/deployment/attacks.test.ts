import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  AbstractSigner,
  encodeBytes32String,
  getCreate2Address,
  keccak256,
  type Signer,
  type TransactionRequest,
  toBeHex,
  ZeroAddress,
} from "ethers";
import type { Council, KeyResets } from "../../../generated/contracts/index.ts";
import { creationsOf } from "../../../scripts/deployment/creation.ts";
import { deploy } from "../../../scripts/deployment/deploy.ts";
import { GENESIS_PROXIES, nameOf, PLAN } from "../../../scripts/deployment/plan.ts";
import { compiledLayouts } from "../../../scripts/layouts/compiled.ts";
import { ROLES } from "../../../src/chain/genesis/parameters.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { addressOf, CALLERS } from "../access/callers.ts";
import { refusalOf } from "../access/refusal.ts";
import { stage } from "../access/stage.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { ethers, networkHelpers, signerAt } from "../support/chain.ts";
import { agree, decide, expectCallFailed } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { callOf } from "../support/operations.ts";
import {
  COUNCIL_DELAY,
  contractAt,
  deployed,
  foundedNetwork,
  implementationOf,
  platform,
} from "../support/platform.ts";

const REASON = digestOf("reason");

/** Signs as another does, and lets an attacker act after each transaction. */
class WatchedSigner extends AbstractSigner {
  readonly #signer: Signer;
  readonly #attack: () => Promise<void>;

  constructor(signer: Signer, attack: () => Promise<void>) {
    super(signer.provider);
    this.#signer = signer;
    this.#attack = attack;
  }

  override getAddress = () => this.#signer.getAddress();
  override connect = () => this;
  override signTransaction = () => this.#signer.signTransaction({});
  override signMessage = () => this.#signer.signMessage("");
  override signTypedData = () => this.#signer.signTypedData({}, {}, {});

  override async sendTransaction(transaction: TransactionRequest) {
    const response = await this.#signer.sendTransaction(transaction);
    await this.#attack();
    return response;
  }
}

describe("A deployment under attack", () => {
  it("leaves no moment in which somebody else could initialise what was just created", async () => {
    const { addresses } = await platform();
    const operator = await foundedNetwork();
    const attacker = await signerAt(walletOf("attacker").address);
    const initialised = PLAN.filter((contract) => contract.initialised).map(nameOf);
    const answers = new Map<string, Set<string>>(initialised.map((name) => [name, new Set()]));
    const attack = async () => {
      for (const name of initialised) {
        const address = addresses[name] ?? "";
        if ((await ethers.provider.getCode(address)) === "0x") continue;
        const target = contractAt<KeyResets>("KeyResets", address);
        answers.get(name)?.add((await refusalOf(target, "initialise", [], attacker.address)) ?? "passed");
      }
    };
    await deploy(new WatchedSigner(operator, attack));
    for (const [name, found] of answers) expect([...found], name).to.deep.equal(["UnauthorisedNotCouncil"]);
  });

  it("can not be overtaken: nobody but the operator creates at its addresses or takes its names", async () => {
    const { addresses } = await platform();
    const operator = await foundedNetwork();
    const directory = contractAt<Awaited<ReturnType<typeof platform>>["directory"]>(
      "Directory",
      SYSTEM_ADDRESSES.Directory,
    );
    const attacker = await signerAt(walletOf("attacker").address);
    const [first] = PLAN;
    if (first === undefined) throw new Error("Nothing is planned");
    for (const { code, salt, address } of creationsOf(first, addresses)) {
      await expectRevert(directory.connect(attacker).create(code, salt), "Unauthorised");
      // The same code and salt by a factory of the attacker's end elsewhere.
      expect(getCreate2Address(attacker.address, salt, keccak256(code))).not.to.equal(address);
    }
    const taken = directory.connect(attacker).register(encodeBytes32String(nameOf(first)), directory.target, REASON);
    await expectRevert(taken, "Unauthorised");
    expect((await deploy(operator)).addresses).to.deep.equal(addresses);
  });

  it("leaves no name free that a contract asks Directory for: its holder would be trusted", async () => {
    const { directory, operator, stranger } = await platform();
    const source = readFileSync(new URL("../../../contracts/types/Names.sol", import.meta.url), "utf8");
    const names = [...source.matchAll(/bytes32 internal constant \w+ = "(\w+)";/g)].map(([, name]) => name ?? "");
    expect(names).to.include.members(["Orders", "KeyResets", "Redemptions"]);
    for (const name of names.map(encodeBytes32String)) {
      const target = await directory.addressOf(name);
      expect(target).not.to.equal(ZeroAddress);
      const attempt = directory.connect(operator).register(name, stranger.address, REASON);
      await expectRevert(attempt, "DirectoryNameTaken", [name, target]);
    }
  });

  it("is not changed by who initialises the bare code behind its proxies", async () => {
    const p = await stage();
    const attacker = await signerAt(walletOf("attacker").address);
    const waiting = await p.keyResets.waitingBlocks();
    const bare = p.keyResets.attach((await implementationOf(p.addresses.KeyResets ?? "")) ?? "") as KeyResets;
    await bare.connect(attacker).initialise();
    expect(await bare.waitingBlocks()).to.equal(waiting);
    await decide(p, [p.keyResets, "setWaitingBlocks", [waiting + 1n]]);
    expect([await p.keyResets.waitingBlocks(), await bare.waitingBlocks()]).to.deep.equal([waiting + 1n, waiting]);
    expect(await refusalOf(p.keyResets, "initialise", [], attacker.address)).to.equal("UnauthorisedNotCouncil");
  });

  it("gives whoever seats itself in Council's bare code no right anywhere", async () => {
    const p = await stage();
    const attacker = await signerAt(walletOf("attacker").address);
    const address = (await implementationOf(SYSTEM_ADDRESSES.Council)) ?? "";
    const bare = (p.council.attach(address) as Council).connect(attacker);
    await bare.initialise([attacker.address], 1, 1_000);
    const seats = await p.council.seats();
    const targets: [Parameters<typeof callOf>[0], string, unknown[], string][] = [
      [p.accessManager, "grantRole", [ROLES.operator, attacker.address, 0], "AccessManagerUnauthorizedAccount"],
      [p.records, "upgradeToAndCall", [p.addresses.Account, "0x"], "UnauthorisedNotCouncil"],
      [p.council, "addSeat", [attacker.address], "CouncilOnly"],
      [p.quota, "pause", [2 ** 40], "UnauthorisedNotCouncil"],
    ];
    for (const [index, [target, name, args, refusal]] of targets.entries()) {
      const calls = [callOf(target, name, args)];
      await bare.propose(calls, REASON);
      await networkHelpers.mine(1);
      const attempt = bare.execute(index + 1, calls);
      await expectCallFailed(attempt, 0, refusal);
    }
    // One of one seats is enough for a pause, of nothing.
    await expectRevert(bare.pause(REASON), "UnauthorisedNotCouncil", [address]);
    expect(await p.council.seats()).to.deep.equal(seats);
    expect(await p.quota.pausedUntil()).to.equal(0n);
  });
});

describe("An upgrade under attack", () => {
  /** Proposed new code of Records, agreed. */
  async function agreed() {
    const p = await platform();
    const next = await deployed(p.operator, "evidence/Records", [p.addresses.Certifications]);
    return { ...p, next, ...(await agree(p, [p.records, "upgradeToAndCall", [next, "0x"]])) };
  }

  it("is made by no party of the platform, not even by a seat or by those who may create code", async () => {
    const p = await stage();
    for (const contract of [...PLAN, ...GENESIS_PROXIES].filter(({ proxied }) => proxied)) {
      const name = nameOf(contract);
      const proxy = p.addresses[name] ?? SYSTEM_ADDRESSES[name as keyof typeof SYSTEM_ADDRESSES];
      const target = contractAt<KeyResets>("KeyResets", proxy);
      const next = await implementationOf(proxy);
      for (const caller of CALLERS.filter((one) => one !== "Council")) {
        const answer = await refusalOf(target, "upgradeToAndCall", [next, "0x"], addressOf(p, caller));
        expect(answer, `${name} by ${caller}`).to.equal("UnauthorisedNotCouncil");
      }
    }
  });

  it("takes no other code at its execution than was voted for, nor a call more", async () => {
    const { council, seats, records, addresses, id, next, calls } = await agreed();
    await networkHelpers.mine(COUNCIL_DELAY);
    const acting = council.connect(seats[3]);
    const other = callOf(records, "upgradeToAndCall", [addresses.Account, "0x"]);
    const withCall = callOf(records, "upgradeToAndCall", [next, "0x12345678"]);
    const seat = callOf(council, "addSeat", [walletOf("attacker").address]);
    for (const slipped of [[other], [withCall], [...calls, seat], [seat, ...calls], []]) {
      await expectRevert(acting.execute(id, slipped), "CouncilCallsDiffer", [id]);
    }
    await acting.execute(id, calls);
    expect(await implementationOf(addresses.Records ?? "")).to.equal(next);
  });

  it("is not executed early, by a stranger or twice", async () => {
    const { council, seats, stranger, id, calls } = await agreed();
    await expectRevert(council.connect(seats[0]).execute(id, calls), "CouncilTooEarly");
    await networkHelpers.mine(COUNCIL_DELAY);
    await expectRevert(council.connect(stranger).execute(id, calls), "CouncilNotASeat", [stranger.address]);
    await council.connect(seats[0]).execute(id, calls);
    await expectRevert(council.connect(seats[0]).execute(id, calls), "CouncilWrongStatus");
  });

  it("to an address that code is still to come to fails: other code can not be put there either", async () => {
    const p = await platform();
    const { operator, directory, addresses } = p;
    const records = PLAN.find(({ name }) => name === "Records");
    if (records === undefined) throw new Error("Records is not planned");
    // Another constructor argument gives another address, at which nothing stands yet.
    const [code] = creationsOf(records, { ...addresses, Certifications: addresses.Partners ?? "" });
    if (code === undefined) throw new Error("Nothing to create");
    const attempt = decide(p, [p.records, "upgradeToAndCall", [code.address, "0x"]]);
    expect(await attempt.catch((error: Error) => error.message)).to.match(/CouncilCallFailed/);
    // Who holds the operator's key and wants its own code there finds that the address follows from the code.
    const [own] = creationsOf(records, { ...addresses, Certifications: ZeroAddress });
    const created = await directory.connect(operator).create.staticCall(own?.code ?? "", code.salt);
    expect(created).not.to.equal(code.address);
    expect(await ethers.provider.getCode(code.address)).to.equal("0x");
  });
});

describe("Storage behind proxies", () => {
  /** ERC-1967: implementation, admin and beacon; ERC-7201: `keccak256(keccak256(id) - 1)` with the last byte 0. */
  const erc1967 = (name: string) => BigInt(keccak256(Buffer.from(`eip1967.proxy.${name}`))) - 1n;
  const erc7201 = (id: string) => BigInt(keccak256(toBeHex(BigInt(keccak256(Buffer.from(id))) - 1n, 32))) & ~0xffn;

  it("does not collide with the proxy's own: a town's life leaves every implementation where it was", async () => {
    const before = await platform();
    const proxies = [...PLAN.filter(({ proxied }) => proxied).map((contract) => before.addresses[nameOf(contract)])];
    proxies.push(...GENESIS_PROXIES.map(({ name }) => SYSTEM_ADDRESSES[name as keyof typeof SYSTEM_ADDRESSES]));
    const codes = await Promise.all(proxies.map((proxy) => implementationOf(proxy ?? "")));
    expect(codes).not.to.include(undefined);
    await stage();
    expect(await Promise.all(proxies.map((proxy) => implementationOf(proxy ?? "")))).to.deep.equal(codes);
    for (const proxy of proxies) {
      for (const name of ["admin", "beacon"]) {
        expect(BigInt(await ethers.provider.getStorage(proxy ?? "", toBeHex(erc1967(name), 32)))).to.equal(0n);
      }
    }
  });

  it("has no two namespaces at one place, and none at the proxy's", () => {
    const layouts = compiledLayouts();
    for (const [name, { namespaces = {}, storage }] of Object.entries(layouts)) {
      const places = [
        ...Object.keys(namespaces)
          .map((id) => id.replace("erc7201:", ""))
          .map(erc7201),
      ];
      places.push(...["implementation", "admin", "beacon"].map(erc1967));
      expect(new Set(places).size, name).to.equal(places.length);
      // What stands in order from slot 0 on never reaches them.
      for (const { slot, label } of storage) expect(slot, `${name}.${label}`).to.be.below(1_000);
    }
  });

  it("stays as it is, slot by slot, when every contract gets new code at once", async () => {
    const p = await stage();
    const proxies = [...PLAN, ...GENESIS_PROXIES].filter(({ proxied }) => proxied);
    const at = (name: string) => p.addresses[name] ?? SYSTEM_ADDRESSES[name as keyof typeof SYSTEM_ADDRESSES];
    const layouts = compiledLayouts();
    const read = async () => {
      const words: Record<string, string> = {};
      for (const name of proxies.map(nameOf)) {
        const slots = Math.max(0, ...(layouts[name]?.storage ?? []).map(({ slot }) => slot)) + 2;
        for (let slot = 0; slot < slots; slot++) {
          words[`${name} ${slot}`] = await ethers.provider.getStorage(at(name), slot);
        }
      }
      return words;
    };
    const before = await read();
    expect(Object.values(before).filter((word) => BigInt(word) !== 0n).length).to.be.greaterThan(proxies.length / 2);
    const decisions = [];
    for (const contract of proxies) {
      const inputs = contract.dependencies.map((dependency) => p.addresses[dependency]);
      const next = await deployed(p.operator, contract.path, inputs);
      const target = contractAt<KeyResets>("KeyResets", at(nameOf(contract)));
      decisions.push([target, "upgradeToAndCall", [next, "0x"]] as [KeyResets, string, unknown[]]);
    }
    await decide(p, ...decisions);
    const after = await read();
    const changed = Object.keys(before).filter((slot) => before[slot] !== after[slot]);
    // The proposal that did it stands in Council.
    expect(changed).to.satisfy((slots: string[]) => slots.every((slot) => slot.startsWith("Council ")));
    expect(changed.length).to.be.at.most(1);
    expect(await p.partners.isAdmitted(p.bank.address)).to.equal(true);
    expect(await p.voucherFactory.isVoucher(p.voucher.target)).to.equal(true);
  });
});

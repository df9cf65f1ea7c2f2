import { expect } from "chai";
import { AbiCoder, concat, keccak256, Signature, toBeHex, type Wallet, ZeroAddress, ZeroHash } from "ethers";
import type { ValidatorSet } from "../../../generated/contracts/index.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { walletOf } from "../support/actors.ts";
import { CHAIN_ID, ethers, networkHelpers, signerAt } from "../support/chain.ts";
import { decide, expectCallFailed } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectEvent, readEvents } from "../support/events.ts";
import { makeApplicant } from "../support/participants.ts";
import { contractAt, deployed, type Platform, platform, SEATS } from "../support/platform.ts";
import { proofOf } from "../support/validators.ts";

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const coder = AbiCoder.defaultAbiCoder();
const hashOf = (epoch: number, nodes: readonly string[]) =>
  keccak256(coder.encode(["uint64", "address[]"], [epoch, nodes]));
const newSeat = walletOf("seat 5").address;
const newNode = walletOf("node 5");

/** A fifth bookkeeper with seat and node. */
async function withFive(): Promise<Platform> {
  const p = await platform();
  const proof = await proofOf(newNode, newSeat);
  await decide(p, [p.council, "addSeat", [newSeat]], [p.validatorSet, "add", [newSeat, newNode.address, proof]]);
  return p;
}

/** A set of its own, as a genesis of so many nodes has it; what Council calls comes from Council's address. */
async function setOf(count: number) {
  const p = await platform();
  const seats = Array.from({ length: count }, (_, at) => SEATS[at] ?? walletOf(`further seat ${at}`).address);
  const address = await deployed(p.operator, "governance/ValidatorSet", [seats, seats]);
  const set = contractAt<ValidatorSet>("ValidatorSet", address).connect(await signerAt(SYSTEM_ADDRESSES.Council));
  const proof = (node: Wallet, seat: string) => proofOf(node, seat, { verifyingContract: address });
  return { ...p, seats, set, proof };
}

describe("The set of validators (CH-6)", () => {
  describe("in genesis", () => {
    it("is each seat's node, with its hash and no change yet", async () => {
      const { validatorSet } = await platform();
      expect(await validatorSet.getValidators()).to.deep.equal(SEATS);
      expect(await validatorSet.setHash()).to.equal(hashOf(0, SEATS));
      expect([await validatorSet.epoch(), await validatorSet.changedBlock()]).to.deep.equal([0n, 0n]);
      for (const seat of SEATS) {
        expect(await validatorSet.nodeOf(seat)).to.equal(seat);
        expect(await validatorSet.seatOf(seat)).to.equal(seat);
      }
    });

    it("stands in slot 0 as a list and in slot 1 as a hash, where validators and proofs look", async () => {
      const { validatorSet } = await withFive();
      const slot = (at: bigint) => ethers.provider.getStorage(SYSTEM_ADDRESSES.ValidatorSet, at);
      const first = BigInt(keccak256(ZeroHash));
      const nodes = [...SEATS, newNode.address];
      expect(BigInt(await slot(0n))).to.equal(5n);
      for (const [at, node] of nodes.entries()) {
        expect(await slot(first + BigInt(at))).to.equal(toBeHex(node, 32));
      }
      expect(await slot(1n)).to.equal(hashOf(1, nodes));
      expect(await validatorSet.setHash()).to.equal(hashOf(1, nodes));
    });

    it("has code that nobody can change: no proxy, no upgrade, no delegate call", async () => {
      const { validatorSet } = await platform();
      const implementation = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
      expect(await ethers.provider.getStorage(SYSTEM_ADDRESSES.ValidatorSet, implementation)).to.equal(ZeroHash);
      expect(validatorSet.interface.getFunction("upgradeToAndCall" as "add")).to.equal(null);
      const code = await ethers.provider.getCode(SYSTEM_ADDRESSES.ValidatorSet);
      expect(opcodes(code)).to.not.include(0xf4);
    });

    it("refuses nodes that could halt the chain from its first block", async () => {
      const { operator } = await platform();
      const create = (seats: readonly string[], nodes: readonly string[]) =>
        deployed(operator, "governance/ValidatorSet", [seats, nodes]);
      const [a = "", b = ""] = SEATS;
      await expectRevert(create([], []), "ValidatorsTooFew", [1]);
      await expectRevert(create([a], [a, b]), "ValidatorsUnequal", [1, 2]);
      await expectRevert(create([a, b], [a, a]), "ValidatorNodeKnown", [a, a]);
      await expectRevert(create([a, a], [a, b]), "ValidatorSeatTaken", [a, a]);
      await expectRevert(create([a], [ZeroAddress]), "ValidatorNodeInvalid", [ZeroAddress]);
      await expectRevert(create([ZeroAddress], [a]), "ValidatorSeatInvalid", [ZeroAddress]);
      const many = Array.from({ length: 65 }, (_, at) => walletOf(`many ${at}`).address);
      await expectRevert(create(many, many), "ValidatorsTooMany", [64]);
    });
  });

  describe("grows", () => {
    it("by one proposal that gives a bookkeeper seat and node", async () => {
      const p = await platform();
      const proof = await proofOf(newNode, newSeat);
      expect(await p.validatorSet.proofDigest(newSeat, newNode.address)).to.be.a("string");
      const receipt = await decide(
        p,
        [p.council, "addSeat", [newSeat]],
        [p.validatorSet, "add", [newSeat, newNode.address, proof]],
      );
      const nodes = [...SEATS, newNode.address];
      const change = [1, newNode.address, ZeroAddress, newSeat, hashOf(1, nodes), nodes];
      expectEvent(readEvents(receipt.logs), "ValidatorsChanged", change);
      expect(await p.validatorSet.getValidators()).to.deep.equal(nodes);
      expect(await p.validatorSet.changedBlock()).to.equal(BigInt(receipt.blockNumber));
      expect(await p.validatorSet.nodeOf(newSeat)).to.equal(newNode.address);
    });

    it("only by nodes of Council's seats, one each", async () => {
      const p = await platform();
      const set = p.validatorSet.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      const proof = await proofOf(newNode, newSeat);
      await expectRevert(set.add(newSeat, newNode.address, proof), "ValidatorSeatInvalid", [newSeat]);
      const [seat = ""] = SEATS;
      const second = set.add(seat, newNode.address, await proofOf(newNode, seat));
      await expectRevert(second, "ValidatorSeatTaken", [seat, seat]);
    });

    it("by no node that is in it already", async () => {
      const p = await withFive();
      const set = p.validatorSet.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      const other = walletOf("seat 6").address;
      await p.council.connect(await signerAt(SYSTEM_ADDRESSES.Council)).addSeat(other);
      const again = set.add(other, newNode.address, await proofOf(newNode, other));
      await expectRevert(again, "ValidatorNodeKnown", [newNode.address, newSeat]);
    });

    it("to 64 nodes, all of which Besu's call still gets", async () => {
      const { set, seats, proof } = await setOf(64);
      expect(await set.getValidators({ gasLimit: 1_000_000 })).to.deep.equal(seats);
      const attempt = set.add(newSeat, newNode.address, await proof(newNode, newSeat));
      await expectRevert(attempt, "ValidatorsTooMany", [64]);
    });
  });

  describe("takes a node's proof of possession", () => {
    const attempts: [string, () => Promise<string>][] = [
      ["of another key", () => proofOf(walletOf("other"), newSeat, { node: newNode.address })],
      ["for another seat", () => proofOf(newNode, SEATS[0] as string)],
      ["for another node", () => proofOf(newNode, newSeat, { node: walletOf("other").address })],
      ["from another chain", () => proofOf(newNode, newSeat, { chainId: CHAIN_ID + 1 })],
      ["for another contract", () => proofOf(newNode, newSeat, { verifyingContract: SYSTEM_ADDRESSES.Council })],
      ["of nothing", async () => "0x"],
      ["in the short form of 64 bytes", async () => Signature.from(await proofOf(newNode, newSeat)).compactSerialized],
      ["with a byte too many", async () => `${await proofOf(newNode, newSeat)}00`],
      ["in its high-s twin", async () => highTwin(await proofOf(newNode, newSeat))],
      ["with another recovery byte", async () => `${(await proofOf(newNode, newSeat)).slice(0, -2)}00`],
      ["over the bare addresses", async () => newNode.signMessage(concat([newSeat, newNode.address]))],
    ];
    for (const [what, sign] of attempts) {
      it(`and none ${what}`, async () => {
        const p = await platform();
        const itself = await signerAt(SYSTEM_ADDRESSES.Council);
        await p.council.connect(itself).addSeat(newSeat);
        const attempt = p.validatorSet.connect(itself).add(newSeat, newNode.address, await sign());
        await expectRevert(attempt, "ValidatorProofInvalid", [newSeat, newNode.address]);
      });
    }

    it("and refuses addresses that have no key, before it looks at a signature's meaning", async () => {
      const p = await platform();
      const account = await makeApplicant(p, "shop");
      const impossible = [ZeroAddress, toBeHex(1, 20), toBeHex(0x100, 20), SYSTEM_ADDRESSES.Council, account.address];
      for (const node of impossible) {
        const attempt = deployed(p.operator, "governance/ValidatorSet", [[newSeat], [node]]);
        await expectRevert(attempt, "ValidatorNodeInvalid", [ethers.getAddress(node)]);
      }
    });
  });

  describe("shrinks", () => {
    it("from five to four nodes, and never below", async () => {
      const p = await withFive();
      const [first = "", ...others] = SEATS;
      const receipt = await decide(p, [p.validatorSet, "remove", [first]]);
      const nodes = [newNode.address, ...others];
      const change = [2, ZeroAddress, first, first, hashOf(2, nodes), nodes];
      expectEvent(readEvents(receipt.logs), "ValidatorsChanged", change);
      expect(await p.validatorSet.getValidators()).to.deep.equal(nodes);
      expect(await p.validatorSet.nodeOf(first)).to.equal(ZeroAddress);
      for (const node of nodes) {
        const attempt = decide(p, [p.validatorSet, "remove", [node]]);
        await expectCallFailed(attempt, 0, "ValidatorsTooFew", [4]);
      }
    });

    it("to one node where there were never four, and never to none", async () => {
      const { set, seats } = await setOf(3);
      await set.remove(seats[0] as string);
      await set.remove(seats[1] as string);
      expect(await set.getValidators()).to.deep.equal([seats[2]]);
      await expectRevert(set.remove(seats[2] as string), "ValidatorsTooFew", [1]);
    });

    it("by nodes that are in it only", async () => {
      const p = await withFive();
      const set = p.validatorSet.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      for (const stranger of [walletOf("other").address, newSeat, ZeroAddress]) {
        await expectRevert(set.remove(stranger), "ValidatorNodeUnknown", [stranger]);
        await expectRevert(set.rotate(stranger, stranger, "0x"), "ValidatorNodeUnknown", [stranger]);
      }
    });

    it("by a node that can come back later, with its proof", async () => {
      const p = await withFive();
      await decide(p, [p.validatorSet, "remove", [newNode.address]]);
      const proof = await proofOf(newNode, newSeat);
      await decide(p, [p.validatorSet, "add", [newSeat, newNode.address, proof]]);
      expect(await p.validatorSet.epoch()).to.equal(3n);
    });
  });

  describe("lets a seat change its node's key", () => {
    const next = walletOf("node 1 anew");

    it("in one change, also with four nodes", async () => {
      const p = await platform();
      const [first = "", seat = "", ...others] = SEATS;
      const proof = await proofOf(next, seat);
      const receipt = await decide(p, [p.validatorSet, "rotate", [seat, next.address, proof]]);
      const nodes = [first, next.address, ...others];
      const change = [1, next.address, seat, seat, hashOf(1, nodes), nodes];
      expectEvent(readEvents(receipt.logs), "ValidatorsChanged", change);
      expect(await p.validatorSet.nodeOf(seat)).to.equal(next.address);
      expect(await p.validatorSet.seatOf(seat)).to.equal(ZeroAddress);
    });

    it("with a proof, and to no node of the set, its own included", async () => {
      const p = await platform();
      const set = p.validatorSet.connect(await signerAt(SYSTEM_ADDRESSES.Council));
      const [seat = "", other = ""] = SEATS;
      const wrong = set.rotate(seat, next.address, await proofOf(next, other));
      await expectRevert(wrong, "ValidatorProofInvalid", [seat, next.address]);
      const taken = set.rotate(seat, other, await proofOf(walletOf("seat 2"), seat));
      await expectRevert(taken, "ValidatorNodeKnown", [other, other]);
      const same = set.rotate(seat, seat, await proofOf(walletOf("seat 1"), seat));
      await expectRevert(same, "ValidatorNodeKnown", [seat, seat]);
    });
  });

  describe("changes once a block", () => {
    it("so a proposal of two changes is refused as a whole", async () => {
      const p = await withFive();
      const [seat = ""] = SEATS;
      const next = walletOf("node 1 anew");
      const before = await p.validatorSet.getValidators();
      const attempt = decide(
        p,
        [p.validatorSet, "rotate", [seat, next.address, await proofOf(next, seat)]],
        [p.validatorSet, "remove", [newNode.address]],
      );
      await expectCallFailed(attempt, 1, "ValidatorsChangedInBlock");
      expect(await p.validatorSet.getValidators()).to.deep.equal(before);
    });

    it("also by two proposals that are executed in the same block", async () => {
      const { set, seats } = await setOf(7);
      const [first = "", second = ""] = seats;
      await networkHelpers.setNextBlockBaseFeePerGas(0);
      await ethers.provider.send("evm_setAutomine", [false]);
      try {
        const one = await set.remove(first, { gasLimit: 1_000_000 });
        const two = await set.remove(second, { gasLimit: 1_000_000 });
        await ethers.provider.send("evm_mine", []);
        const statuses = await Promise.all([one, two].map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
        expect(statuses.map((receipt) => receipt?.status)).to.deep.equal([1, 0]);
      } finally {
        await ethers.provider.send("evm_setAutomine", [true]);
      }
      expect((await set.getValidators()).length).to.equal(6);
      await set.remove(second);
    });
  });

  describe("when a seat is taken away", () => {
    it("keeps its node until a proposal removes it: the same one", async () => {
      const p = await withFive();
      await decide(p, [p.council, "removeSeat", [newSeat]], [p.validatorSet, "remove", [newNode.address]]);
      expect(await p.validatorSet.getValidators()).to.deep.equal(SEATS);
      expect(await p.council.isSeat(newSeat)).to.equal(false);
    });

    it("or a later one, and until then its key can not be changed", async () => {
      const p = await withFive();
      await decide(p, [p.council, "removeSeat", [newSeat]]);
      expect(await p.validatorSet.seatOf(newNode.address)).to.equal(newSeat);
      const next = walletOf("node 5 anew");
      const proof = await proofOf(next, newSeat);
      const attempt = decide(p, [p.validatorSet, "rotate", [newNode.address, next.address, proof]]);
      await expectCallFailed(attempt, 0, "ValidatorSeatInvalid", [newSeat]);
      await decide(p, [p.validatorSet, "remove", [newNode.address]]);
      expect(await p.validatorSet.getValidators()).to.deep.equal(SEATS);
    });
  });
});

/** Opcodes of a contract's code, without the data behind PUSH. */
function opcodes(code: string): number[] {
  const bytes = ethers.getBytes(code);
  const found: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at] as number;
    found.push(opcode);
    if (opcode >= 0x60 && opcode <= 0x7f) at += opcode - 0x5f;
  }
  return found;
}

/** The same signature with s in the upper half, which recovers to the same key. */
function highTwin(signature: string): string {
  const { r, s, v } = Signature.from(signature);
  return concat([r, toBeHex(N - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27)]);
}

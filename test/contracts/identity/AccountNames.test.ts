import { expect } from "chai";
import { keccak256, TypedDataEncoder, toBeHex, toUtf8Bytes, ZeroAddress, ZeroHash } from "ethers";
import { digestOf } from "../support/actors.ts";
import { blockNumber, CHAIN_ID, mineTo, networkHelpers, now } from "../support/chain.ts";
import { expectRevert } from "../support/errors.ts";
import { eventsOf, expectEvent } from "../support/events.ts";
import { consentOf, NAME_KIND, type NameInput, nameOf, setName } from "../support/names.ts";
import { callOf, expectExecuted, expectReverted } from "../support/operations.ts";
import { fileOrder } from "../support/orders.ts";
import { LEVEL, makeUser, Participant, type Town, town } from "../support/participants.ts";
import { nestedSignature } from "../support/personal-signature.ts";

const GROUND = digestOf("ground");
const RESERVED_BLOCKS = 201_600;
const TYPE =
  "AccountName(address account,string name,bytes32 lookSkeleton,bytes32 letterSkeleton,uint8 kind,address certifier,uint256 nonce,uint48 lastBlock)";
const NO_NAME = [ZeroAddress, 0n, 0n, ZeroHash, ZeroHash, ZeroHash, ""];

describe("AccountNames", () => {
  describe("setting a name", () => {
    it("keeps it with kind and certifier, and puts what the account signed into the event", async () => {
      const p = await town();
      const input = nameOf("上海（集团）", { kind: NAME_KIND.certified, letterSkeleton: digestOf("letters") });
      const lastBlock = (await blockNumber()) + 1;
      const consent = await consentOf(p, p.alice, input, p.bank.address, lastBlock);
      const args = [p.alice.address, input, lastBlock, consent];
      const events = expectExecuted(await p.bank.call(p.accountNames, "setName", args));
      const { name, lookSkeleton, letterSkeleton, kind } = input;
      const said = [p.alice.address, p.bank.address, lookSkeleton, letterSkeleton, kind, name, 0, lastBlock, consent];
      expectEvent(events, "NameSet", said);
      const entry = [p.bank.address, 1n, BigInt(await blockNumber()), lookSkeleton, letterSkeleton, ZeroHash, name];
      expect(await p.accountNames.nameOf(p.alice.address)).to.deep.equal(entry);
      expect(await p.accountNames.nameByIndex(p.alice.address, 0)).to.deep.equal(entry);
      expect(await p.accountNames.nameCount(p.alice.address)).to.equal(1n);
      for (const skeleton of [lookSkeleton, letterSkeleton]) {
        expect(await p.accountNames.accountOf(skeleton)).to.equal(p.alice.address);
        expect(await p.accountNames.reservationOf(skeleton)).to.deep.equal([ZeroAddress, 0n]);
      }
    });

    it("asks the account for a signature over typed data that a wallet can show", async () => {
      const p = await town();
      const input = nameOf("alice");
      const lastBlock = (await blockNumber()) + 10;
      const domain = {
        name: "BROP AccountNames",
        version: "1",
        chainId: CHAIN_ID,
        verifyingContract: String(p.accountNames.target),
      };
      const fields = TYPE.slice("AccountName(".length, -1).split(",");
      const types = { AccountName: fields.map((f) => ({ type: f.split(" ")[0] ?? "", name: f.split(" ")[1] ?? "" })) };
      const value = { ...input, account: p.alice.address, certifier: p.bank.address, nonce: 0, lastBlock };
      const digest = TypedDataEncoder.hash(domain, types, value);
      expect(await p.accountNames.consentDigest(p.alice.address, input, p.bank.address, lastBlock)).to.equal(digest);
      const contentsHash = TypedDataEncoder.hashStruct("AccountName", types, value);
      const consent = nestedSignature(p.alice.address, { domain, type: TYPE, contentsHash }, p.alice.wallet);
      const args = [p.alice.address, input, lastBlock, consent];
      expectExecuted(await p.bank.call(p.accountNames, "setName", args));
    });

    it("is for a live certifier of the account with the identity permission, or an admission party", async () => {
      const p = await town();
      const refused = await setName(p, p.dairy, p.alice, nameOf("alice"));
      expectReverted(refused, "AccountNameNotCertifier", [p.alice.address, p.dairy.address]);
      const herself = await setName(p, p.alice, p.alice, nameOf("alice"));
      expectReverted(herself, "AccountNameNotCertifier", [p.alice.address, p.alice.address]);

      await p.partners.connect(p.operator).setPermissions(p.bank.address, 2);
      expectReverted(await setName(p, p.bank, p.alice, nameOf("alice")), "AccountNameNotCertifier");

      const input = nameOf("Bank of Milk", { kind: NAME_KIND.certified });
      const lastBlock = (await blockNumber()) + 10;
      const consent = await consentOf(p, p.bank, input, p.operator.address, lastBlock);
      const acting = p.accountNames.connect(p.operator);
      expectEvent(await eventsOf(acting.setName(p.bank.address, input, lastBlock, consent)), "NameSet", [
        p.bank.address,
        p.operator.address,
        input.lookSkeleton,
        input.letterSkeleton,
        input.kind,
        input.name,
        0,
        lastBlock,
        consent,
      ]);
    });

    it("ends with the certification: after suspension and expiry its certifier sets nothing", async () => {
      const p = await town();
      expectExecuted(await p.bank.call(p.certifications, "suspend", [p.alice.address, GROUND]));
      expectReverted(await setName(p, p.bank, p.alice, nameOf("alice")), "AccountNameNotCertifier");
      const passing = await makeUser(p, p.bank, "passing", LEVEL.realName, { lifetime: 600 });
      await networkHelpers.time.increase(601);
      expectReverted(await setName(p, p.bank, passing, nameOf("passing")), "AccountNameNotCertifier");
    });

    it("needs real name for a certified name, and any level for a custom one", async () => {
      const p = await town();
      const certified = await setName(p, p.dairy, p.carol, nameOf("Carol", { kind: NAME_KIND.certified }));
      expectReverted(certified, "AccountNameLevelTooLow", [p.carol.address]);
      expectExecuted(await setName(p, p.dairy, p.carol, nameOf("carol")));
    });

    it("refuses names without text, kind or skeletons, and names too long", async () => {
      const p = await town();
      const attempts: [Partial<NameInput>, string, unknown[]?][] = [
        [{ name: "" }, "AccountNameInvalid", [0, 512]],
        [{ name: "汉".repeat(171) }, "AccountNameInvalid", [513, 512]],
        [{ kind: NAME_KIND.none }, "AccountNameKindMissing"],
        [{ lookSkeleton: ZeroHash }, "AccountNameSkeletonMissing"],
        [{ letterSkeleton: ZeroHash }, "AccountNameSkeletonMissing"],
      ];
      for (const [changes, error, values] of attempts) {
        expectReverted(await setName(p, p.bank, p.alice, nameOf("alice", changes)), error, values);
      }
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("a".repeat(512))));
    });
  });

  describe("consent", () => {
    const attempt = async (p: Town, change: (consent: string, lastBlock: number) => Promise<[unknown[], string]>) => {
      const lastBlock = (await blockNumber()) + 10;
      const consent = await consentOf(p, p.alice, nameOf("alice"), p.bank.address, lastBlock);
      const [args, error] = await change(consent, lastBlock);
      expectReverted(await p.bank.call(p.accountNames, "setName", args), error);
    };

    it("is the account's own", async () => {
      const p = await town();
      const input = nameOf("alice");
      await attempt(p, async (_, last) => {
        const posing = new Participant(p.alice.address, p.bank.wallet);
        const forged = await consentOf(p, posing, input, p.bank.address, last);
        return [[p.alice.address, input, last, forged], "AccountNameConsentInvalid"];
      });
      await attempt(p, async (_, last) => [[p.alice.address, input, last, "0x"], "AccountNameConsentInvalid"]);
    });

    it("holds for one name, kind, skeleton, account, certifier and deadline", async () => {
      const p = await town();
      const input = nameOf("alice");
      const changed: NameInput[] = [
        { ...input, name: "Alice" },
        { ...input, kind: NAME_KIND.certified },
        { ...input, lookSkeleton: digestOf("other") },
        { ...input, letterSkeleton: digestOf("other") },
      ];
      for (const other of changed) {
        await attempt(p, async (c, last) => [[p.alice.address, other, last, c], "AccountNameConsentInvalid"]);
      }
      await attempt(p, async (c, last) => [[p.bob.address, input, last, c], "AccountNameConsentInvalid"]);
      await attempt(p, async (c, last) => [[p.alice.address, input, last + 1, c], "AccountNameConsentInvalid"]);
    });

    it("can not be used by another certifier that sees it on the way", async () => {
      const p = await town();
      const lowered = [p.alice.address, LEVEL.realName, false, (await now()) + 10_000, digestOf("dairy on alice")];
      expectExecuted(await p.dairy.call(p.certifications, "certify", lowered));
      const lastBlock = (await blockNumber()) + 10;
      const consent = await consentOf(p, p.alice, nameOf("alice"), p.bank.address, lastBlock);
      const args = [p.alice.address, nameOf("alice"), lastBlock, consent];
      expectReverted(await p.dairy.call(p.accountNames, "setName", args), "AccountNameConsentInvalid");
    });

    it("is used once: what the account gave up does not come back by an old consent", async () => {
      const p = await town();
      const lastBlock = (await blockNumber()) + 100;
      const consent = await consentOf(p, p.alice, nameOf("alice"), p.bank.address, lastBlock);
      const args = [p.alice.address, nameOf("alice"), lastBlock, consent];
      expectExecuted(await p.bank.call(p.accountNames, "setName", args));
      expectExecuted(await p.alice.call(p.accountNames, "release", []));
      expectReverted(await p.bank.call(p.accountNames, "setName", args), "AccountNameConsentInvalid");
    });

    it("holds in its last block and lapses in the next", async () => {
      const p = await town();
      const lastBlock = (await blockNumber()) + 5;
      const consent = await consentOf(p, p.alice, nameOf("alice"), p.bank.address, lastBlock);
      const args = [p.alice.address, nameOf("alice"), lastBlock, consent];
      await mineTo(lastBlock);
      const late = await p.bank.call(p.accountNames, "setName", args);
      expectReverted(late, "AccountNameConsentLapsed", [lastBlock, lastBlock + 1]);
      const next = await blockNumber();
      const other = await consentOf(p, p.alice, nameOf("alice"), p.bank.address, next + 1);
      const inTime = [p.alice.address, nameOf("alice"), next + 1, other];
      expectExecuted(await p.bank.call(p.accountNames, "setName", inTime));
    });
  });

  describe("a skeleton", () => {
    it("belongs to one account: another's name can share neither its look nor its letters", async () => {
      const p = await town();
      const [look, letters] = [digestOf("look"), digestOf("letters")];
      expectExecuted(
        await setName(p, p.bank, p.alice, nameOf("PayPal", { lookSkeleton: look, letterSkeleton: letters })),
      );
      const clashes: Partial<NameInput>[] = [
        { lookSkeleton: look },
        { letterSkeleton: letters },
        { lookSkeleton: letters },
        { letterSkeleton: look },
      ];
      for (const changes of clashes) {
        const shared = Object.values(changes)[0];
        const refused = await setName(p, p.bank, p.bob, nameOf("PayPaI", changes));
        expectReverted(refused, "AccountNameTaken", [shared, p.alice.address, 0]);
      }
      expect(await p.accountNames.nameOf(p.bob.address)).to.deep.equal(NO_NAME);
      expect(await p.accountNames.accountOf(digestOf("PayPaI"))).to.equal(ZeroAddress);
    });

    it("stays with its account when the spelling of its name changes", async () => {
      const p = await town();
      const skeleton = digestOf("acme");
      const spelled = (name: string) => nameOf(name, { lookSkeleton: skeleton, letterSkeleton: skeleton });
      expectExecuted(await setName(p, p.bank, p.alice, spelled("Acme")));
      expectExecuted(await setName(p, p.bank, p.alice, spelled("ACME")));
      expect(await p.accountNames.accountOf(skeleton)).to.equal(p.alice.address);
      expect((await p.accountNames.nameOf(p.alice.address)).name).to.equal("ACME");
    });

    it("is kept for its last owner for a week after a release, to the very block", async () => {
      const p = await town();
      const input = nameOf("alice");
      expectExecuted(await setName(p, p.bank, p.alice, input));
      const events = expectExecuted(await p.alice.call(p.accountNames, "release", []));
      const reservedUntil = (await blockNumber()) + RESERVED_BLOCKS;
      const { lookSkeleton, letterSkeleton } = input;
      const said = [p.alice.address, p.alice.address, lookSkeleton, letterSkeleton, ZeroHash, reservedUntil];
      expectEvent(events, "NameReleased", said);
      expect(await p.accountNames.accountOf(lookSkeleton)).to.equal(ZeroAddress);
      const reserved = [p.alice.address, BigInt(reservedUntil)];
      expect(await p.accountNames.reservationOf(lookSkeleton)).to.deep.equal(reserved);

      await mineTo(reservedUntil - 1);
      const early = await setName(p, p.bank, p.bob, input);
      expectReverted(early, "AccountNameTaken", [lookSkeleton, p.alice.address, reservedUntil]);
      expect(await blockNumber()).to.equal(reservedUntil);
      expectExecuted(await setName(p, p.bank, p.bob, input));
      expect(await p.accountNames.accountOf(lookSkeleton)).to.equal(p.bob.address);
      expect(await p.accountNames.reservationOf(lookSkeleton)).to.deep.equal([ZeroAddress, 0n]);
    });

    it("can be taken up again by its last owner at any time", async () => {
      const p = await town();
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("alice")));
      expectExecuted(await p.alice.call(p.accountNames, "release", []));
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("alice")));
      expect(await p.accountNames.accountOf(digestOf("alice"))).to.equal(p.alice.address);
    });

    it("of a name that was replaced is kept as well", async () => {
      const p = await town();
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("alice")));
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("wonderland")));
      const refused = await setName(p, p.bank, p.bob, nameOf("alice"));
      expectReverted(refused, "AccountNameTaken");
      expect((await p.accountNames.reservationOf(digestOf("alice"))).account).to.equal(p.alice.address);
    });
  });

  describe("an end", () => {
    it("comes by the account itself, once", async () => {
      const p = await town();
      expectReverted(await p.alice.call(p.accountNames, "release", []), "AccountNameMissing", [p.alice.address]);
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("alice")));
      expectExecuted(await p.alice.call(p.accountNames, "release", []));
      expect(await p.accountNames.nameOf(p.alice.address)).to.deep.equal(NO_NAME);
      expectReverted(await p.alice.call(p.accountNames, "release", []), "AccountNameMissing", [p.alice.address]);
    });

    it("comes by the certifier that set the name, with a ground that is kept", async () => {
      const p = await town();
      expectReverted(await p.bank.call(p.accountNames, "revoke", [p.alice.address, GROUND]), "AccountNameMissing");
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("alice")));
      const empty = await p.bank.call(p.accountNames, "revoke", [p.alice.address, ZeroHash]);
      expectReverted(empty, "AccountNameGroundMissing");
      const events = expectExecuted(await p.bank.call(p.accountNames, "revoke", [p.alice.address, GROUND]));
      const reservedUntil = (await blockNumber()) + RESERVED_BLOCKS;
      const skeleton = digestOf("alice");
      const said = [p.alice.address, p.bank.address, skeleton, skeleton, GROUND, reservedUntil];
      expectEvent(events, "NameReleased", said);
      expect((await p.accountNames.nameByIndex(p.alice.address, 0)).ground).to.equal(GROUND);
      expect(await p.accountNames.nameOf(p.alice.address)).to.deep.equal(NO_NAME);
    });

    it("does not come by another certifier of the account", async () => {
      const p = await town();
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("alice")));
      const certified = [p.alice.address, LEVEL.realName, false, (await now()) + 10_000, digestOf("dairy on alice")];
      expectExecuted(await p.dairy.call(p.certifications, "certify", certified));
      const refused = await p.dairy.call(p.accountNames, "revoke", [p.alice.address, GROUND]);
      expectReverted(refused, "AccountNameNotCertifier", [p.alice.address, p.dairy.address]);
    });

    it("can come by a suspended partner, and not by a terminated one", async () => {
      const p = await town();
      for (const user of [p.alice, p.bob]) expectExecuted(await setName(p, p.bank, user, nameOf(user.address)));
      const revokeFrom = (from: string) =>
        p.accountNames.getFunction("revoke").staticCall(p.alice.address, GROUND, { from });
      await p.partners.connect(p.operator).suspend(p.bank.address, GROUND);
      await revokeFrom(p.bank.address);
      expect((await p.accountNames.nameOf(p.alice.address)).kind).to.equal(2n);
      await p.partners.connect(p.operator).terminate(p.bank.address, GROUND);
      await expectRevert(revokeFrom(p.bank.address), "AccountNameNotCertifier", [p.alice.address, p.bank.address]);
    });

    it("comes by a regulator's order about the account, whose number is kept as the ground", async () => {
      const p = await town();
      const call = callOf(p.accountNames, "revokeOnOrder", [p.alice.address]);
      const execute = async (subject: Participant) => {
        const id = await fileOrder(p, call, { subject: subject.address, executor: p.bank.address });
        return p.bank.call(p.orders, "execute", [id, call.data]);
      };
      expectReverted(await execute(p.alice), "AccountNameMissing", [p.alice.address]);
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("alice")));
      expectReverted(await execute(p.bob), "UnauthorisedOrderSubject");
      const events = expectExecuted(await execute(p.alice));
      const ground = toBeHex(await p.orders.count(), 32);
      const reservedUntil = (await blockNumber()) + RESERVED_BLOCKS;
      const skeleton = digestOf("alice");
      const said = [p.alice.address, p.orders.target, skeleton, skeleton, ground, reservedUntil];
      expectEvent(events, "NameReleased", said);
      expect((await p.accountNames.nameByIndex(p.alice.address, 0)).ground).to.equal(ground);
      expect(await p.accountNames.nameOf(p.alice.address)).to.deep.equal(NO_NAME);
      const direct = p.accountNames.connect(p.operator).revokeOnOrder(p.alice.address);
      await expectRevert(direct, "UnauthorisedNotOrder", [p.operator.address]);
    });

    it("can come by the admission party that set the name", async () => {
      const p = await town();
      const input = nameOf("Bank of Milk");
      const lastBlock = (await blockNumber()) + 10;
      const consent = await consentOf(p, p.bank, input, p.operator.address, lastBlock);
      const acting = p.accountNames.connect(p.operator);
      await acting.setName(p.bank.address, input, lastBlock, consent);
      await acting.revoke(p.bank.address, GROUND);
      expect(await p.accountNames.nameOf(p.bank.address)).to.deep.equal(NO_NAME);
    });
  });

  describe("history", () => {
    it("tells the name at the end of every block", async () => {
      const p = await town();
      const before = await blockNumber();
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("first")));
      const first = await blockNumber();
      expectExecuted(await setName(p, p.bank, p.alice, nameOf("second")));
      const second = await blockNumber();
      expectExecuted(await p.alice.call(p.accountNames, "release", []));
      const released = await blockNumber();
      const textAt = async (block: number) => (await p.accountNames.nameAt(p.alice.address, block)).name;
      expect(await textAt(before)).to.equal("");
      expect(await textAt(first)).to.equal("first");
      expect(await textAt(second - 1)).to.equal("first");
      expect(await textAt(second)).to.equal("second");
      expect(await textAt(released)).to.equal("");
      expect(await p.accountNames.nameCount(p.alice.address)).to.equal(2n);
      const { lookSkeleton } = await p.accountNames.nameByIndex(p.alice.address, 1);
      expect(lookSkeleton).to.equal(keccak256(toUtf8Bytes("second")));
    });
  });
});

import { expect } from "chai";
import { toUtf8Bytes } from "ethers";
import { accountName, NAME_KINDS, type NameKind } from "../../../src/core/account-name.ts";
import { type NameInput, setName } from "../support/names.ts";
import { expectExecuted, expectReverted } from "../support/operations.ts";
import { town } from "../support/participants.ts";

/** What a partner that follows the rules sends to AccountNames. */
function input(text: string, kind: NameKind): NameInput {
  const { name, lookSkeleton, letterSkeleton } = accountName(text, kind);
  return { name, lookSkeleton, letterSkeleton, kind: NAME_KINDS[kind] };
}

describe("a name that looks or reads like another account's", () => {
  const pairs: [why: string, taken: [string, NameKind], imitation: [string, NameKind]][] = [
    ["a capital i for an l", ["PayPal", "certified"], ["PayPaI", "certified"]],
    ["other case", ["PayPaI", "certified"], ["PAYPAI", "certified"]],
    ["a word of another script", ["POCA", "certified"], ["РОСА", "certified"]],
    ["brackets of another width", ["上海（集团）", "certified"], ["上海(集团)", "certified"]],
    ["a custom name for a certified one", ["Acme Inc.", "certified"], ["acme-inc", "custom"]],
  ];
  for (const [why, taken, imitation] of pairs) {
    it(`is refused: ${why}`, async () => {
      const p = await town();
      expectExecuted(await setName(p, p.bank, p.alice, input(...taken)));
      expectReverted(await setName(p, p.bank, p.bob, input(...imitation)), "AccountNameTaken");
    });
  }

  it("is free for an account of another name, brackets and all", async () => {
    const p = await town();
    expectExecuted(await setName(p, p.bank, p.alice, input("上海（集团）", "certified")));
    expectExecuted(await setName(p, p.bank, p.bob, input("上海集团", "certified")));
    expect((await p.accountNames.nameOf(p.alice.address)).name).to.equal("上海（集团）");
  });

  it("has its longest form within what the contract takes", async () => {
    const p = await town();
    const longest = input("\u{2b5ae}".repeat(128), "certified");
    expect(toUtf8Bytes(longest.name)).to.have.length(Number(await p.accountNames.MAX_NAME_BYTES()));
    expectExecuted(await setName(p, p.bank, p.alice, longest));
  });
});

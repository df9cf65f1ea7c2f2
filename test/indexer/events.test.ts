import { expect } from "chai";
import { EventFragment, Interface } from "ethers";
import { abi } from "../../generated/abi.ts";
import { EVENTS, HANDLERS } from "../../src/indexer/events/index.ts";

// Events that tell nothing that a table keeps. All of them stand in the table of events.
const PASSED_OVER: Record<string, readonly string[]> = {
  EntryPoint: [
    // Accounts come from AccountFactory only; initCode is refused.
    ...["AccountDeployed", "UserOperationPrematureInit"],
    // There are no fees, so no deposits, stakes, prefunds and paymasters.
    ...["Deposited", "StakeLocked", "StakeUnlocked", "StakeWithdrawn", "Withdrawn"],
    ...["PostOpRevertReason", "UserOperationPrefundTooLow"],
    // Marks a place in a bundle.
    ...["BeforeExecution", "SignatureAggregatorChanged"],
  ],
  // Follows SenderRemoved, which takes the relay from its partner.
  Admission: ["RelayRetired"],
  // What failed inside an operation whose other calls went on changed nothing.
  Account: ["ERC7579TryExecuteFail"],
};
// Happen once, when a contract is made, and tell nothing but that.
const EVERYWHERE = ["EIP712DomainChanged", "Initialized", "AuthorityUpdated"];

describe("events that are indexed", () => {
  it("are those of every contract that says something", () => {
    // Its signers stand in account_signers: the address of this contract, then members, weights and threshold.
    const silent = ["WeightedSigners"];
    expect(Object.keys(abi).filter((contract) => !(contract in EVENTS))).to.deep.equal(silent);
    for (const contract of silent) {
      const said: string[] = [];
      new Interface(abi[contract as keyof typeof abi]).forEachEvent(({ name }) => said.push(name));
      expect(said).to.deep.equal([]);
    }
  });

  for (const [contract, events] of Object.entries(EVENTS)) {
    const face = new Interface(abi[contract as keyof typeof EVENTS]);

    it(`are declared for ${contract} as the compiled contract declares them`, () => {
      for (const declaration of Object.keys(events)) {
        const declared = EventFragment.from(declaration);
        const compiled = face.getEvent(declared.name);
        expect(declared.topicHash, declared.name).to.equal(compiled?.topicHash);
        expect(indexedOf(declared), declared.name).to.deep.equal(indexedOf(compiled));
        expect(HANDLERS[contract]?.has(declared.topicHash)).to.equal(true);
      }
    });

    it(`are all that ${contract} has to say`, () => {
      const passedOver = [...EVERYWHERE, ...(PASSED_OVER[contract] ?? [])];
      const said: string[] = [];
      face.forEachEvent(({ name, topicHash }) => {
        if (!HANDLERS[contract]?.has(topicHash)) said.push(name);
      });
      expect(said.filter((name) => !passedOver.includes(name))).to.deep.equal([]);
    });
  }
});

function indexedOf(event: EventFragment | null): boolean[] | undefined {
  return event?.inputs.map(({ indexed }) => indexed === true);
}

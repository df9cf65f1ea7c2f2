import { expect } from "chai";
import { EventFragment, Interface } from "ethers";
import { abi } from "../../generated/abi.ts";
import { EVENTS, HANDLERS } from "../../src/indexer/events/index.ts";

// Events that tell nothing that a table keeps.
const PASSED_OVER: Record<string, readonly string[]> = {
  EntryPoint: [
    "AccountDeployed",
    "BeforeExecution",
    "Deposited",
    "PostOpRevertReason",
    "SignatureAggregatorChanged",
    "StakeLocked",
    "StakeUnlocked",
    "StakeWithdrawn",
    "UserOperationPrefundTooLow",
    "UserOperationPrematureInit",
    "Withdrawn",
  ],
  // How long operations are paused is Quota's to say.
  Council: ["PauseVoted", "PauseStarted", "PauseEnded"],
  // Follows SenderRemoved.
  Admission: ["RelayRetired"],
  // Code without a name yet; ContractRegistered gives it one.
  Directory: ["InstanceRegistered", "ContractCreated"],
  // Follows from the partner's status.
  Quota: ["SponsoringBarred"],
  Voucher: [
    ...["ApprovalForAll", "URI", "AgentChanged", "AllowanceChanged", "LotMade", "CustodyOpened", "Redeemed"],
    // Supervision: asked of the contract.
    ...["MeasureTaken", "PolicyChanged", "FreezeChanged", "CapacityAssessed", "Frozen", "ForcedTransfer", "CapChanged"],
  ],
  // Holds while a key reset is pending: asked of the contract.
  Account: ["ERC7579TryExecuteFail", "TransfersHeld", "TransfersReleased"],
};
const EVERYWHERE = ["EIP712DomainChanged", "Initialized", "Upgraded", "AuthorityUpdated"];

describe("events that are indexed", () => {
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

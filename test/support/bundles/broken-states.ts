import { id } from "ethers";
import { buildBundle } from "../../../src/chain/bundle/build-bundle.ts";
import type { Bundle } from "../../../src/core/bundle/bundle.ts";
import { recordSlot } from "../../../src/core/bundle/evidence-slots.ts";
import { directorySlot } from "../../../src/core/directory-slots.ts";
import { recordId } from "../../../src/core/record-id.ts";
import { SealedNetwork } from "../sealed-network.ts";
import { ATTACKER, type Case } from "./broken-claims.ts";
import { type Draft, edited } from "./edit-bundle.ts";
import {
  CERTIFIER,
  CLAIMS,
  CONTRACTS,
  listingOf,
  OWNER,
  RECORD,
  RECORD_BLOCK,
  REVOKED_STATE,
  recordClaim,
  recordedBy,
} from "./evidence-network.ts";
import { builderOf } from "./valid-vectors.ts";
import type { BundleVector } from "./vector.ts";

/** States that show something else than the bundle says. */
export async function brokenStates(network: SealedNetwork): Promise<BundleVector[]> {
  const build = builderOf(network);
  const certification = { account: OWNER, certifier: CERTIFIER };
  const state = await build(CLAIMS.record, { state: REVOKED_STATE, certification });
  const accountOf = (draft: Draft, address: string) =>
    draft.blocks.at(-1)?.accounts.find((one) => one.address === address) as Draft["blocks"][number]["accounts"][number];
  const unstored = await build(CLAIMS.full, { state: REVOKED_STATE });
  const early = await build(CLAIMS.record, { state: RECORD_BLOCK });
  const cases: [Bundle, Case<Draft["claim"]>][] = [
    [
      state,
      [
        "state.missing",
        "record-slot",
        "The record's slot is not shown",
        (_, draft) => accountOf(draft, CONTRACTS.Records).slots.pop(),
      ],
    ],
    [
      state,
      [
        "state.missing",
        "contract",
        "The contract's state is not shown",
        (_, draft) => {
          const accounts = draft.blocks.at(-1)?.accounts as Draft["blocks"][number]["accounts"];
          accounts.splice(
            accounts.findIndex((one) => one.address === CONTRACTS.Records),
            1,
          );
        },
      ],
    ],
    [
      state,
      [
        "block.absent",
        "block",
        "The block of the state is not there",
        (_, draft) => Object.assign(draft, { status: { block: 7 } }),
      ],
    ],
    [
      state,
      [
        "status.earlier",
        "earlier",
        "A state that is older than the record",
        (_, draft) => Object.assign(draft, { status: { block: 2 } }),
      ],
    ],
    [unstored, ["status.unknown", "unknown", "The state has no such record", () => undefined]],
    [early, ["state.absent", "no-contract-yet", "The state of the block itself has no such contract", () => undefined]],
    [
      state,
      [
        "certification.history",
        "next-checkpoint",
        "The checkpoint after the block is not shown",
        (_, draft) => accountOf(draft, CONTRACTS.Certifications).slots.pop(),
      ],
    ],
    [
      state,
      [
        "state.missing",
        "history-length",
        "The length of the history is not shown",
        (_, draft) => accountOf(draft, CONTRACTS.Certifications).slots.shift(),
      ],
    ],
    [
      state,
      [
        "contract.missing",
        "certifications",
        "It is not shown which contract Certifications is",
        (_, draft) => draft.contracts.splice(1, 1),
      ],
    ],
    [
      state,
      [
        "contract.listing",
        "listing",
        "The state lists another address by this name",
        (_, draft) => Object.assign(draft.contracts[1] as object, { address: ATTACKER }),
      ],
    ],
    [
      state,
      [
        "state.missing",
        "listing-slot",
        "Directory's slot is not shown",
        (_, draft) => {
          const directory = accountOf(draft, "0x000000000000000000000000000000000000b001");
          directory.slots = directory.slots.filter(({ slot }) => slot !== directorySlot("Records"));
        },
      ],
    ],
  ];
  return cases.map(([bundle, [reason, name, what, change]]) => ({
    ...{ name: `state-${name}`, what, trust: "genesis", state: "failed", reason },
    content: edited(bundle, (draft) => change(draft.claim, draft)),
  }));
}

/** What the contracts would never do, sealed all the same. */
export async function brokenContents(): Promise<BundleVector[]> {
  const network = new SealedNetwork();
  const odd = { ...recordClaim, record: { ...RECORD, algorithm: 0x99 } };
  const slot = recordSlot(recordId(OWNER, RECORD.digest, RECORD.subject));
  network.mine({ logs: [listingOf("Records", CONTRACTS.Records), recordedBy(odd), recordedBy(recordClaim)] });
  const directory = { address: "0x000000000000000000000000000000000000b001", slot: directorySlot("Records") };
  const value = BigInt(CONTRACTS.Records) | (1n << 160n) | (1n << 192n);
  const stored = { address: CONTRACTS.Records, slot, value: 5n | (1n << 88n) };
  network.mine({ storage: [{ ...directory, value }, stored] });
  const contracts = new Map([["Records", { address: CONTRACTS.Records, listed: { block: 1, logIndex: 0 } }]]);
  const build = (claim: typeof recordClaim, logIndex: number, state?: number) =>
    buildBundle(network.ask, { claim: { ...claim, at: { block: 1, logIndex } }, changes: [], contracts, state });
  const common = { trust: "genesis", state: "failed" } as const;
  return [
    {
      ...{
        ...common,
        name: "content-unknown-algorithm",
        what: "A record whose algorithm is not known, and data at hand",
      },
      ...{ reason: "content.algorithm", content: await build(odd, 1), digest: id("data") },
    },
    {
      ...{ ...common, name: "state-differs", what: "The state has another record by the same identifier" },
      ...{ reason: "status.differs", content: await build(recordClaim, 2, 2) },
    },
  ];
}

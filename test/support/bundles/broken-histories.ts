import { id } from "ethers";
import { buildBundle } from "../../../src/chain/bundle/build-bundle.ts";
import type { Bundle } from "../../../src/core/bundle/bundle.ts";
import { CONTRACT_REGISTERED } from "../../../src/core/bundle/events.ts";
import type { BundleReason } from "../../../src/core/bundle/reasons.ts";
import { addressOfKey, validatorKey } from "../sealed-block.ts";
import { changeLog, SealedNetwork } from "../sealed-network.ts";
import { ATTACKER } from "./broken-claims.ts";
import { edited } from "./edit-bundle.ts";
import { CONTRACTS, evidenceRequest, listingOf, recordClaim, recordedBy } from "./evidence-network.ts";
import type { BundleVector } from "./vector.ts";

/** Histories of the validators, and events, that true validators never sealed in this way. */
export async function brokenHistories(): Promise<BundleVector[]> {
  const vectors: BundleVector[] = [];
  const add = (reason: BundleReason, name: string, what: string, content: Bundle) =>
    vectors.push({ ...{ name: `history-${name}`, what, trust: "genesis", state: "failed", reason, content } });
  const network = () => new SealedNetwork();
  const five = [1, 2, 3, 4, 5].map(validatorKey);
  const claimOf = (one: SealedNetwork, block: number, more = {}) =>
    buildBundle(one.ask, {
      ...{ claim: { kind: "block", block, hash: one.block(block).hash }, contracts: new Map() },
      ...{ changes: [], ...more },
    });
  const change = (block: number, logIndex = 0) => ({ block, logIndex });

  const gap = network();
  gap.mine({ logs: [changeLog(2, five.map(addressOfKey))] });
  gap.mine();
  add("validators.epoch", "gap", "The first change has number 2", await claimOf(gap, 2, { changes: [change(1)] }));

  const again = network();
  again.mine({ validators: five });
  again.mine({ logs: [changeLog(1, five.slice(1).map(addressOfKey))] });
  again.mine();
  add(
    "validators.epoch",
    "again",
    "The second change has number 1 again",
    await claimOf(again, 3, { changes: [change(1), change(2)] }),
  );
  const both = await claimOf(again, 3, { changes: [change(1), change(2)] });
  add(
    "validators.order",
    "order",
    "Changes in another order",
    edited(both, ({ validators }) => validators.reverse()),
  );
  add(
    "validators.order",
    "twice",
    "A change twice",
    edited(both, ({ validators }) => validators.push(structuredClone(validators[1]) as never)),
  );

  const later = network();
  later.mine({ validators: five.slice(1), sealers: five.slice(1) });
  later.mine();
  add(
    "seals.stranger",
    "sealed-by-the-set-after",
    "A change that only the set after it sealed",
    await claimOf(later, 2, { changes: [change(1)] }),
  );

  const old = network();
  old.mine({ validators: [5, 6, 7, 8].map(validatorKey) });
  old.mine({ sealers: five.slice(0, 3) });
  add(
    "seals.stranger",
    "sealed-by-the-set-before",
    "A block after a change, sealed by the set before it",
    await claimOf(old, 2, { changes: [change(1)] }),
  );

  const forged = network();
  forged.mine({ logs: [{ ...changeLog(1, five.map(addressOfKey)), address: ATTACKER }] });
  forged.mine();
  add(
    "validators.event",
    "other-contract",
    "A change that another contract told of",
    await claimOf(forged, 2, { changes: [change(1)] }),
  );

  const other = network();
  other.mine({ logs: [{ ...changeLog(1, five.map(addressOfKey)), topics: [id("Other()")] }] });
  other.mine();
  add(
    "validators.event",
    "other-event",
    "A log of ValidatorSet that is no change",
    await claimOf(other, 2, { changes: [change(1)] }),
  );

  const unhashed = network();
  unhashed.mine({ logs: [changeLog(1, five.map(addressOfKey), { setHash: id("other validators") })] });
  unhashed.mine();
  add(
    "validators.event",
    "set-hash",
    "A change whose hash is not that of its validators",
    await claimOf(unhashed, 2, { changes: [change(1)] }),
  );

  const empty = network();
  empty.mine({ logs: [changeLog(1, [])] });
  empty.mine();
  add(
    "validators.event",
    "no-validators",
    "A change after which there are no validators",
    await claimOf(empty, 2, { changes: [change(1)] }),
  );

  const hidden = network();
  hidden.mine({ validators: five });
  hidden.mine();
  add(
    "validators.hidden",
    "hidden",
    "The state names other validators: a change is not shown",
    await claimOf(hidden, 2, { state: 2 }),
  );

  vectors.push(...(await forgedContracts()));
  return vectors;
}

/** Whoever deploys a contract of his own can have it say anything. */
async function forgedContracts(): Promise<BundleVector[]> {
  const network = new SealedNetwork();
  const recorded = (address: string) => recordedBy(recordClaim, address);
  const listing = listingOf("Records", CONTRACTS.Records);
  network.mine({ logs: [{ ...listing, address: ATTACKER }] });
  network.mine({ logs: [recorded(ATTACKER)] });
  network.mine({ logs: [recorded(CONTRACTS.Records)] });
  network.mine({ logs: [listing] });
  network.mine({ logs: [{ ...listing, topics: [CONTRACT_REGISTERED, id("other"), listing.topics[2] as string] }] });
  const build = (block: number, listed: number) => {
    const claim = { ...recordClaim, at: { block, logIndex: 0 } };
    const contracts = new Map([["Records", { address: CONTRACTS.Records, listed: { block: listed, logIndex: 0 } }]]);
    return buildBundle(network.ask, { ...evidenceRequest(network, claim), changes: [], contracts });
  };
  const vector = (reason: BundleReason, name: string, what: string, content: Bundle): BundleVector => ({
    ...{ name: `contracts-${name}`, what, trust: "genesis", state: "failed", reason, content },
  });
  const later = new SealedNetwork();
  later.mine({ logs: [listing] });
  later.mine({ logs: [recorded(ATTACKER)] });
  const attack = await buildBundle(later.ask, {
    ...{ claim: { ...recordClaim, at: { block: 2, logIndex: 0 } }, changes: [] },
    contracts: new Map([["Records", { address: CONTRACTS.Records, listed: { block: 1, logIndex: 0 } }]]),
  });
  return [
    vector("event.address", "own-records", "The event of a contract of the attacker's", attack),
    vector("contract.listing", "own-directory", "A listing by a contract of the attacker's", await build(3, 1)),
    vector("contract.listing", "other-name", "Listed by another name", await build(3, 5)),
    vector("contract.later", "listed-later", "The contract was listed only after the event", await build(3, 4)),
  ];
}

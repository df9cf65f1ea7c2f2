import { id } from "ethers";
import type { EndingOperation } from "../../src/chain/operation-end/operation-ends.ts";
import { ProvenOperationEnds } from "../../src/chain/operation-end/proven-operation-ends.ts";
import { RelayHeads } from "../../src/chain/operation-end/relay-heads.ts";
import type { RelayFault } from "../../src/chain/relays/relay.ts";
import { RelaySet } from "../../src/chain/relays/relay-set.ts";
import { SealedChain } from "../../src/chain/sealed-chain.ts";
import { encodeSerial } from "../../src/core/serial.ts";
import type { FakeRelay } from "./fake-relay.ts";
import { ManualClock } from "./manual-clock.ts";
import type { SealedNetwork, TestOperation } from "./sealed-network.ts";

const SENDER = "0x00000000000000000000000000000000000ACC01";

let serial = 0n;

/** An operation of its own, with a random serial. */
export function endingOperation(deadlineBlock: number, changes: Partial<EndingOperation> = {}): EndingOperation {
  serial++;
  const nonce = encodeSerial({ deadlineBlock, random: serial });
  return { hash: id(`operation ${serial}`), sender: SENDER, nonce, deadlineBlock, ...changes };
}

/** The operation as a block of a test holds it. */
export function inBlock({ hash, sender, nonce }: EndingOperation): TestOperation {
  return { hash, sender, nonce };
}

/** A reader of ends, and what it found out about its relays. */
export function provenEnds(network: SealedNetwork, relays: FakeRelay[]) {
  const clock = new ManualClock();
  const faults: RelayFault[] = [];
  const set = new RelaySet(relays, { clock, onFault: (fault) => faults.push(fault) });
  const chain = new SealedChain(network.trust);
  const heads = new RelayHeads({ chain, clock, patience: 30_000 });
  const ends = new ProvenOperationEnds({ relays: set, chain, heads, clock, patienceBlocks: 4 });
  const kinds = () => faults.map(({ url, kind }) => `${url} ${kind}`);
  return { ends, faults, kinds, clock, chain, relays: set };
}

import { readStorage } from "../core/account-proof.ts";
import { readTransactionHashes } from "../core/block-transactions.ts";
import { BropError } from "../core/errors.ts";
import { bytesToHex } from "../core/hex.ts";
import { invalidProof } from "../core/proof-error.ts";
import { blockHash, headerFromRpc, type QbftHeader } from "../core/qbft/header.ts";
import { checkSeals } from "../core/qbft/seals.ts";
import type { SealedTrust } from "../core/qbft/trust.ts";
import { VALIDATOR_REGISTRY, type ValidatorRegistry, type ValidatorSet } from "../core/qbft/validator-set.ts";
import type { Receipt } from "../core/receipt.ts";
import { readBlockReceipts, readReceiptProof } from "../core/receipt-proof.ts";
import { membersOf } from "../core/rpc-values.ts";
import { KeptRecently } from "./relays/kept-recently.ts";
import { eachLogRange } from "./relays/log-ranges.ts";
import { type Ask, WithheldError } from "./relays/relay.ts";

/** A receipt with its place on the chain, as a proof shows it. */
export interface ProvenReceipt {
  block: number;
  /** Of the block, seconds since 1970. */
  timestamp: number;
  transactionIndex: number;
  receipt: Receipt;
}

/** Headers and hashes that are remembered. */
const KEPT_HEADERS = 512;
const KEPT_HASHES = 16_384;

/**
 * A network of sealed blocks, seen through nodes that nobody has to trust. It begins with what the caller trusts, a
 * genesis file or a checkpoint, and believes a block only under the seals of a quorum of its validators. The validators
 * change by ValidatorSet's event: its receipt is proven in a block that the set before sealed.
 *
 * It knows no relay: each question names whom to ask. What is proven stays proven, whoever showed it.
 *
 * What it can not see: a quorum of validators that left long ago could seal another history for somebody who has not
 * followed the changes since. See docs/proofs.md.
 */
export class SealedChain {
  readonly trust: SealedTrust;
  readonly #registry: ValidatorRegistry;
  /** Sets in order, the one of the start first. */
  readonly #sets: ValidatorSet[];
  readonly #headers = new KeptRecently<number, QbftHeader>(KEPT_HEADERS);
  readonly #hashes = new KeptRecently<number, string>(KEPT_HASHES);
  /** One at a time follows the changes. */
  #following: Promise<unknown> = Promise.resolve();

  constructor(trust: SealedTrust, registry: ValidatorRegistry = VALIDATOR_REGISTRY) {
    this.trust = trust;
    this.#registry = registry;
    this.#sets = [trust.set];
  }

  /** The newest set that is known. */
  get set(): ValidatorSet {
    return this.#sets.at(-1) as ValidatorSet;
  }

  /**
   * Makes sure that a relay belongs to this network, as far as it can be told: chain id and the block of the start.
   * @throws BropError `chain.wrong`
   */
  async checkNetwork(ask: Ask): Promise<void> {
    const { chainId, anchor } = this.trust;
    const [id, block] = await Promise.all([
      ask("eth_chainId", []),
      ask("eth_getBlockByNumber", [hex(anchor.number), false]),
    ]);
    if (typeof id !== "string" || !/^0x[0-9a-f]{1,16}$/i.test(id) || BigInt(id) !== chainId) {
      throw new BropError("chain.wrong", { chainId: String(id), expected: chainId });
    }
    const hash = bytesToHex(blockHash(headerFromRpc(block)));
    if (hash !== anchor.hash) throw new BropError("chain.wrong", { block: anchor.number, hash, expected: anchor.hash });
  }

  /**
   * A block's header, judged.
   * @throws BropError `proof.invalid` for one that no quorum sealed; `proof.unavailable` for a block before the start,
   * or one that the relay does not have; and what the relay answered
   */
  async header(ask: Ask, number: number): Promise<QbftHeader> {
    const known = this.#headers.get(number);
    if (known !== undefined) return known;
    const header = await fetchHeader(ask, number);
    await this.accept(ask, header);
    return header;
  }

  /**
   * Judges a header by the set that seals its height, and follows changes of the set as far as they are needed.
   * @throws as `header`
   */
  async accept(ask: Ask, header: QbftHeader): Promise<void> {
    const { number } = header;
    const hash = bytesToHex(blockHash(header));
    const first = this.#sets[0] as ValidatorSet;
    const isAnchor = number === this.trust.anchor.number;
    if (number <= first.changedBlock && !isAnchor) {
      throw new BropError("proof.unavailable", { block: number, reason: "the block stands before the trusted start" });
    }
    // The start is known by its hash; whoever sealed it, the validators from there on are those of the start.
    const { hash: anchor } = this.trust.anchor;
    if (isAnchor && hash !== anchor) throw invalidProof("header", `is another block ${number} than the trusted one`);
    if (!isAnchor) await this.#checkSeals(ask, header);
    const before = this.#hashes.get(number);
    if (before !== undefined && before !== hash) {
      throw invalidProof("header", `is another block ${number} than the one that was proven before`);
    }
    this.#hashes.set(number, hash);
    this.#headers.set(number, header);
  }

  /**
   * Judges a receipt proof that somebody handed over.
   * @param proof of any shape
   * @throws as `header`
   */
  async receiptProof(ask: Ask, proof: unknown): Promise<ProvenReceipt> {
    const { header, transactionIndex, receipt } = readReceiptProof(proof);
    await this.accept(ask, header);
    return { block: header.number, timestamp: header.timestamp, transactionIndex, receipt };
  }

  /** All receipts of a block, proven. @throws as `header` */
  async receipts(ask: Ask, header: QbftHeader): Promise<Receipt[]> {
    return readBlockReceipts(header, await ask("eth_getBlockReceipts", [hex(header.number)]));
  }

  /** Hashes of a block's transactions, proven. @throws as `header` */
  async transactionHashes(ask: Ask, header: QbftHeader): Promise<string[]> {
    return readTransactionHashes(header, await ask("eth_getBlockByNumber", [hex(header.number), true]));
  }

  /**
   * Storage slots of a contract after a block, proven; 0 for what is unused.
   * @param slots 32 bytes each, as `0x...`
   * @throws as `header`
   */
  async storage(ask: Ask, header: QbftHeader, address: string, slots: readonly string[]): Promise<bigint[]> {
    const answer = await ask("eth_getProof", [address, slots, hex(header.number)]);
    return readStorage(header.stateRoot, address, slots, answer);
  }

  /**
   * Makes sure that no change of validators up to a block is unknown: the hash of the set in the block's state has to be
   * that of the known one. Seals alone do not tell, as long as members of the old set are enough for a quorum.
   * @throws as `header`; WithheldError where the relay does not show a change that the state proves
   */
  async confirmSet(ask: Ask, header: QbftHeader): Promise<void> {
    const { address, summary } = this.#registry;
    if (summary === undefined) return;
    const [hash] = await this.storage(ask, header, address, [summary.slot]);
    const isKnown = () => BigInt(summary.hashOf(this.#setFor(header.number + 1))) === hash;
    if (isKnown()) return;
    await this.#follow(ask, header.number);
    if (!isKnown()) throw new WithheldError(`it does not show a change of validators up to block ${header.number}`);
  }

  async #checkSeals(ask: Ask, header: QbftHeader): Promise<void> {
    const { validators } = header.extraData;
    if (validators.length > 0) throw invalidProof("header", "names validators, and here a contract does");
    const set = this.#setFor(header.number);
    try {
      return checkSeals(header, set.validators);
    } catch (error) {
      // A height before the newest change has its set for good.
      if (set !== this.set) throw error;
      await this.#follow(ask, header.number - 1);
      const followed = this.#setFor(header.number);
      if (followed === set) throw error;
      checkSeals(header, followed.validators);
    }
  }

  /** The set that seals a height, as far as changes are known. */
  #setFor(number: number): ValidatorSet {
    return this.#sets.findLast(({ changedBlock }) => changedBlock < number) ?? (this.#sets[0] as ValidatorSet);
  }

  /** Takes in the changes up to a block, as far as the relay shows them. */
  #follow(ask: Ask, to: number): Promise<void> {
    const work = this.#following.then(() => this.#readChanges(ask, to));
    this.#following = work.catch(() => undefined);
    return work;
  }

  async #readChanges(ask: Ask, to: number): Promise<void> {
    const { address, topic } = this.#registry;
    const range = [this.set.changedBlock + 1, to] as const;
    await eachLogRange(ask, { address, topics: [topic] }, range, async (logs) => {
      const claimed = logs.map((log) => Number(membersOf(log, "log").blockNumber));
      for (const number of [...new Set(claimed)].sort((one, other) => one - other)) {
        if (!Number.isSafeInteger(number) || number <= this.set.changedBlock || number > to) continue;
        await this.#readChange(ask, number);
      }
    });
  }

  /** Takes in the change of one block. Its header has to be sealed by the set that it replaces. */
  async #readChange(ask: Ask, number: number): Promise<void> {
    const before = this.set;
    const header = await fetchHeader(ask, number);
    checkSeals(header, before.validators);
    const receipts = await this.receipts(ask, header);
    const logs = receipts
      .flatMap((receipt) => receipt.logs)
      .filter((log) => log.address === this.#registry.address && log.topics[0] === this.#registry.topic);
    const [log, ...others] = logs;
    if (log === undefined) throw invalidProof("log", `of a change of validators is not in block ${number}`);
    // One change a block is a rule of ValidatorSet: with two, receipts alone would not tell the set.
    if (others.length > 0) throw invalidProof("log", `is one of several changes of validators in block ${number}`);
    const { epoch, validators } = this.#registry.read(log);
    if (epoch !== before.epoch + 1) {
      throw invalidProof("log", `is change ${epoch} of the validators, and ${before.epoch + 1} is the next`);
    }
    this.#sets.push({ epoch, changedBlock: number, validators });
  }
}

/** The header that a relay gives for a height, not judged yet. */
async function fetchHeader(ask: Ask, number: number): Promise<QbftHeader> {
  const block = await ask("eth_getBlockByNumber", [hex(number), false]);
  if (block === null || block === undefined) {
    throw new BropError("proof.unavailable", { block: number, reason: "the relay has no such block" });
  }
  const header = headerFromRpc(block);
  if (header.number !== number) throw invalidProof("header", `is that of block ${header.number}, not ${number}`);
  return header;
}

const hex = (value: number) => `0x${value.toString(16)}`;

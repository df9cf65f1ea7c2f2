import { id, type SigningKey } from "ethers";
import { nonceSlot } from "../../src/chain/operation-end/nonce-slot.ts";
import { USER_OPERATION_EVENT, USER_OPERATION_REVERT_REASON } from "../../src/chain/operation-events.ts";
import { SYSTEM_ADDRESSES } from "../../src/chain/system-addresses.ts";
import { encodeRpcTransaction } from "../../src/core/block-transactions.ts";
import { bytesToHex, word } from "../../src/core/hex.ts";
import { keccak256 } from "../../src/core/keccak.ts";
import { encodeExtraData } from "../../src/core/qbft/extra-data.ts";
import { genesisHash } from "../../src/core/qbft/genesis.ts";
import { type GenesisDescription, readTrust, type SealedTrust } from "../../src/core/qbft/trust.ts";
import { setHashOf, VALIDATOR_REGISTRY } from "../../src/core/qbft/validator-set.ts";
import { encodeRpcReceipt } from "../../src/core/receipt.ts";
import { encodeRlp, numberBytes } from "../../src/core/rlp.ts";
import { type BuiltTrie, buildTrie } from "../../src/core/trie/build-trie.ts";
import { addressOfKey, QBFT_MIX_HASH, type RpcBlock, sealedBlock, validatorKey } from "./sealed-block.ts";
import { SealedState } from "./sealed-state.ts";

const ENTRY_POINT = SYSTEM_ADDRESSES.EntryPoint.toLowerCase();
const GAS = 21_000;

/** An operation that a test puts into a block. */
export interface TestOperation {
  hash: string;
  sender: string;
  nonce: bigint;
  /** True by default. */
  success?: boolean;
  /** Revert data of one without success. */
  revert?: string;
}

export interface TestLog {
  address: string;
  topics: string[];
  data: string;
}

/** What a block shall hold. */
export interface BlockPlan {
  /** Bundles of operations, a transaction each. */
  bundles?: readonly (readonly TestOperation[])[];
  /** The validators from the next block on, announced and stored as ValidatorSet does. */
  validators?: readonly SigningKey[];
  /** Logs of further transactions, one each. */
  logs?: readonly TestLog[];
  /** Further transactions with any number of logs. */
  transactions?: readonly (readonly TestLog[])[];
  /** Storage of contracts after the block. */
  storage?: readonly { address: string; slot: string; value: bigint }[];
  /** Who seals; a quorum of the validators by default. */
  sealers?: readonly SigningKey[];
  round?: number;
}

interface Mined {
  block: RpcBlock;
  transactions: Record<string, unknown>[];
  receipts: Record<string, unknown>[];
  state: SealedState;
}

/**
 * A network of sealed blocks that a test makes up: real headers, seals, receipt tries and states, without any execution.
 * `ask` answers as an honest node does; `twin` is a second history with the same past, for whoever lies.
 */
export class SealedNetwork {
  readonly chainId: number;
  readonly genesis: GenesisDescription;
  validators: readonly SigningKey[];
  epoch = 0;
  /** Operations that were sent to it. */
  readonly sent: unknown[] = [];
  #mined: Mined[] = [];

  constructor({ chainId = 20_260_101, validators = [1, 2, 3, 4].map(validatorKey) } = {}) {
    this.chainId = chainId;
    this.validators = validators;
    const state = new SealedState().withCode(ENTRY_POINT, "0x60").withSet(validators.map(addressOfKey), 0, 0);
    this.genesis = {
      config: {
        chainId,
        ...{ londonBlock: 0, shanghaiTime: 0, cancunTime: 0, pragueTime: 0, osakaTime: 0, zeroBaseFee: true },
        qbft: { validatorcontractaddress: VALIDATOR_REGISTRY.address },
      },
      ...{ nonce: "0x0", timestamp: "0x65000000", gasLimit: "0x77359400", difficulty: "0x1", mixHash: QBFT_MIX_HASH },
      extraData: bytesToHex(
        encodeExtraData({ vanity: new Uint8Array(32), validators: [], vote: [], round: 0, seals: [] }),
      ),
      alloc: state.toAllocation(),
    } as GenesisDescription;
    const block = { ...sealedBlock({ number: 0, stateRoot: state.root }, []), timestamp: "0x65000000" };
    const first = { ...block, baseFeePerGas: "0x3b9aca00", extraData: this.genesis.extraData as string };
    this.#mined.push({ block: { ...first, hash: genesisHash(this.genesis) }, transactions: [], receipts: [], state });
  }

  /** What somebody trusts who has the genesis file. */
  get trust(): SealedTrust {
    return readTrust(this.genesis) as SealedTrust;
  }

  get head(): number {
    return this.#mined.length - 1;
  }

  block(number: number): RpcBlock {
    return this.#at(number).block;
  }

  /** Adds a block. */
  mine(plan: BlockPlan = {}): RpcBlock {
    const { bundles = [], validators, logs = [], transactions: others = [], storage = [], round = 0 } = plan;
    const number = this.head + 1;
    const sealers = plan.sealers ?? this.validators.slice(0, Math.ceil((2 * this.validators.length) / 3));
    const before = this.#at(this.head);
    let { state } = before;
    const logsOf: TestLog[][] = bundles.map((bundle) => bundle.flatMap(operationLogs));
    for (const { sender, nonce } of bundles.flat()) {
      state = state.with(ENTRY_POINT, nonceSlot(sender, nonce >> 64n), (nonce & ((1n << 64n) - 1n)) + 1n);
    }
    if (validators !== undefined) {
      this.epoch++;
      const addresses = validators.map(addressOfKey);
      state = state.withSet(addresses, this.epoch, number);
      logsOf.push([changeLog(this.epoch, addresses)]);
    }
    logsOf.push(...logs.map((log) => [log]), ...others.map((own) => [...own]));
    for (const { address, slot, value } of storage) state = state.with(address, slot, value);
    const transactions = logsOf.map((_, index) => transactionOf(number, index));
    const receipts = logsOf.map((own, index) => receiptOf(own, index));
    const content = {
      ...{ number, round, parentHash: before.block.hash, stateRoot: state.root },
      receiptsRoot: bytesToHex(listTrie(receipts.map(encodeRpcReceipt)).root),
      transactionsRoot: bytesToHex(listTrie(transactions.map(encodeRpcTransaction)).root),
    };
    const block = sealedBlock(content, sealers);
    if (validators !== undefined) this.validators = validators;
    this.#mined.push({
      block,
      transactions: placed(transactions, block),
      receipts: placedReceipts(receipts, block, transactions),
      state,
    });
    return block;
  }

  /** Adds empty blocks up to a height. */
  mineTo(number: number): void {
    while (this.head < number) this.mine();
  }

  /** A network with the same past that can have another future. */
  twin(): SealedNetwork {
    const twin = new SealedNetwork({ chainId: this.chainId, validators: [...this.validators] });
    Object.assign(twin, { genesis: this.genesis, epoch: this.epoch });
    twin.#mined = [...this.#mined];
    return twin;
  }

  /** Answers one JSON-RPC call, as a node of this network does. */
  readonly ask = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    switch (method) {
      case "eth_chainId":
        return hex(this.chainId);
      case "eth_blockNumber":
        return hex(this.head);
      case "eth_getBlockByNumber":
        return this.#blockByNumber(params);
      case "eth_getBlockReceipts":
        return this.#mined[this.#height(params[0])]?.receipts ?? null;
      case "eth_getTransactionReceipt":
        return this.#mined.flatMap(({ receipts }) => receipts).find((one) => one.transactionHash === params[0]) ?? null;
      case "eth_getLogs":
        return this.#logs(params[0] as Filter);
      case "eth_getProof":
        return this.#proof(params);
      case "eth_getStorageAt":
        return this.#storageAt(params);
      case "eth_sendUserOperation":
        this.sent.push(params[0]);
        return "0x";
      default:
        throw Object.assign(new Error(`No method ${method}`), { code: -32601 });
    }
  };

  #at(number: number): Mined {
    const mined = this.#mined[number];
    if (mined === undefined) throw new Error(`There is no block ${number}`);
    return mined;
  }

  #height(tag: unknown): number {
    return tag === "latest" ? this.head : Number(tag);
  }

  #blockByNumber([tag, whole]: readonly unknown[]): unknown {
    const mined = this.#mined[this.#height(tag)];
    if (mined === undefined) return null;
    return { ...mined.block, transactions: whole ? mined.transactions : mined.transactions.map(({ hash }) => hash) };
  }

  #logs({ address, topics = [], fromBlock, toBlock }: Filter): unknown[] {
    const wanted = ([] as string[]).concat(address).map((one) => one.toLowerCase());
    const fits = (log: TestLog) =>
      wanted.includes(log.address) &&
      topics.every((topic, at) => topic === null || ([] as string[]).concat(topic).includes(log.topics[at] as string));
    return this.#mined
      .slice(this.#height(fromBlock), this.#height(toBlock) + 1)
      .flatMap(({ receipts }) => receipts.flatMap((receipt) => receipt.logs as TestLog[]))
      .filter(fits);
  }

  #proof([address, slots, tag]: readonly unknown[]): unknown {
    return this.#at(this.#height(tag)).state.prove(address as string, slots as string[]);
  }

  #storageAt([address, slot, tag]: readonly unknown[]): unknown {
    const { storageProof } = this.#proof([address, [slot], tag]) as { storageProof: [{ value: string }] };
    return storageProof[0].value;
  }
}

interface Filter {
  address: string | string[];
  topics?: (null | string | string[])[];
  fromBlock: string;
  toBlock: string;
}

/** The event with which ValidatorSet announces a change. */
export function changeLog(epoch: number, validators: readonly string[], changes: { setHash?: string } = {}): TestLog {
  const { setHash = setHashOf(epoch, validators) } = changes;
  const zero = word(0);
  const list = [word(validators.length), ...validators.map((address) => address.slice(2).padStart(64, "0"))];
  return {
    address: VALIDATOR_REGISTRY.address,
    topics: [VALIDATOR_REGISTRY.topic, `0x${word(epoch)}`, `0x${zero}`, `0x${zero}`],
    data: `0x${zero}${setHash.slice(2)}${word(96)}${list.join("")}`,
  };
}

function operationLogs({ hash, sender, nonce, success = true, revert }: TestOperation): TestLog[] {
  const account = `0x${sender.slice(2).toLowerCase().padStart(64, "0")}`;
  const event = {
    address: ENTRY_POINT,
    topics: [USER_OPERATION_EVENT, hash, account, `0x${word(0)}`],
    data: `0x${word(nonce)}${word(success ? 1 : 0)}${word(0)}${word(GAS)}`,
  };
  const effect = { address: "0x00000000000000000000000000000000000000aa", topics: [id("Effect()"), hash], data: "0x" };
  if (success) return [effect, event];
  const bytes = (revert ?? "0x").slice(2);
  const padded = bytes.padEnd(Math.ceil(bytes.length / 64) * 64, "0");
  const data = `0x${word(nonce)}${word(64)}${word(bytes.length / 2)}${padded}`;
  return [{ address: ENTRY_POINT, topics: [USER_OPERATION_REVERT_REASON, hash, account], data }, event];
}

function transactionOf(number: number, index: number): Record<string, unknown> {
  const seed = id(`transaction ${number} ${index}`);
  return {
    ...{ type: "0x0", nonce: hex(index), gasPrice: "0x0", gas: "0xf4240", to: ENTRY_POINT, value: "0x0", input: seed },
    ...{ v: "0x25", r: id(`r ${seed}`), s: id(`s ${seed}`), transactionIndex: hex(index) },
  };
}

function receiptOf(logs: readonly TestLog[], index: number): Record<string, unknown> {
  return {
    ...{ type: "0x0", status: "0x1", cumulativeGasUsed: hex(GAS * (index + 1)), gasUsed: hex(GAS) },
    ...{ logsBloom: `0x${"00".repeat(256)}`, logs, transactionIndex: hex(index) },
  };
}

function placed(transactions: Record<string, unknown>[], { number, hash: blockHash }: RpcBlock) {
  return transactions.map((one) => ({ ...one, hash: hashOf(one), blockNumber: number, blockHash }));
}

function placedReceipts(receipts: Record<string, unknown>[], block: RpcBlock, transactions: Record<string, unknown>[]) {
  let logIndex = 0;
  return receipts.map((receipt, index) => {
    const transactionHash = hashOf(transactions[index] as Record<string, unknown>);
    const place = { blockNumber: block.number, blockHash: block.hash, transactionHash, transactionIndex: hex(index) };
    return {
      ...receipt,
      ...place,
      logs: (receipt.logs as TestLog[]).map((log) => ({ ...log, ...place, logIndex: hex(logIndex++) })),
    };
  });
}

function hashOf(transaction: Record<string, unknown>): string {
  return bytesToHex(keccak256(encodeRpcTransaction(transaction)));
}

function listTrie(values: readonly Uint8Array[]): BuiltTrie {
  return buildTrie(values.map((value, index) => [encodeRlp(numberBytes(index)), value]));
}

const hex = (value: number) => `0x${value.toString(16)}`;

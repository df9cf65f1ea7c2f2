import { toBeHex, zeroPadValue } from "ethers";
import { bytesToHex, hexToBytes, isHexBytes } from "../hex.ts";
import { keccak256 } from "../keccak.ts";
import { invalidProof } from "../proof-error.ts";
import { encodeRlp, numberBytes } from "../rlp.ts";
import { membersOf, quantityOf } from "../rpc-values.ts";
import { buildTrie } from "../trie/build-trie.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import { blockHash, headerFromRpc } from "./header.ts";
import { addressesOf, setHashOf, type ValidatorSet } from "./validator-set.ts";

// Block 0, worked out from the genesis file of the network: the same file gives the same hash as Besu's.

const ZERO_HASH = `0x${"00".repeat(32)}`;
const NO_UNCLES = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
/** SHA-256 of nothing (EIP-7685). */
const NO_REQUESTS = "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/** Besu's in block 0, also where later blocks have none. */
const FIRST_BASE_FEE = "0x3b9aca00";
/** Where the elements of the list in slot 0 begin. */
const LIST_SLOT = BigInt(bytesToHex(keccak256(new Uint8Array(32))));
/** More than any set has: what a file claims beyond is refused without reading it. */
const MOST_READ = 100;

/**
 * Hash of block 0 of a network with every fork up to Osaka from the beginning.
 * @param genesis Besu's genesis file, parsed
 * @throws BropError `proof.invalid` naming the member
 */
export function genesisHash(genesis: Record<string, unknown>): string {
  const { alloc, coinbase, nonce, timestamp, gasLimit, difficulty, mixHash, extraData, parentHash, baseFeePerGas } =
    genesis;
  const header = headerFromRpc({
    parentHash: parentHash ?? ZERO_HASH,
    sha3Uncles: NO_UNCLES,
    miner: coinbase ?? `0x${"00".repeat(20)}`,
    stateRoot: bytesToHex(stateRootOf(membersOf(alloc, "genesis.alloc"))),
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: `0x${"00".repeat(256)}`,
    difficulty,
    number: "0x0",
    gasLimit,
    gasUsed: "0x0",
    timestamp: timestamp ?? "0x0",
    extraData,
    mixHash,
    nonce: toBeHex(quantityOf(nonce ?? "0x0", "genesis.nonce"), 8),
    baseFeePerGas: baseFeePerGas ?? FIRST_BASE_FEE,
    withdrawalsRoot: EMPTY_ROOT,
    blobGasUsed: "0x0",
    excessBlobGas: "0x0",
    parentBeaconBlockRoot: ZERO_HASH,
    requestsHash: NO_REQUESTS,
  });
  return bytesToHex(blockHash(header));
}

/**
 * The set of block 0, as `ValidatorSet` has it in the genesis file's storage: the list in slot 0, its hash in slot 1.
 * @param registry address of the contract
 * @throws BropError `proof.invalid` where there is none or the two do not fit
 */
export function genesisValidators(genesis: Record<string, unknown>, registry: string): ValidatorSet {
  const alloc = membersOf(genesis.alloc, "genesis.alloc");
  const entry = Object.entries(alloc).find(([address]) => plainAddress(address) === registry.toLowerCase());
  const storage = storageOf(membersOf(entry?.[1], "genesis.alloc of ValidatorSet").storage);
  const at = (slot: bigint) => (storage.get(slotName(slot)) ?? ZERO_HASH).slice(2);
  const elements = Array.from({ length: Math.min(Number(`0x${at(0n)}`), MOST_READ) }, (_, index) =>
    at(LIST_SLOT + BigInt(index)),
  );
  const set = { epoch: 0, changedBlock: 0, validators: addressesOf([at(0n), ...elements]) };
  if (`0x${at(1n)}` !== setHashOf(set.epoch, set.validators)) {
    throw invalidProof("genesis.alloc of ValidatorSet", "has another hash of the validators than theirs");
  }
  return set;
}

function stateRootOf(alloc: Record<string, unknown>): Uint8Array {
  const accounts = Object.entries(alloc).map(([address, account]) => {
    const { balance = "0x0", nonce = "0x0", code = "0x", storage } = membersOf(account, `genesis.alloc.${address}`);
    const slots = [...storageOf(storage)].map(([slot, value]): [Uint8Array, Uint8Array] => [
      keccak256(hexToBytes(slot)),
      encodeRlp(numberBytes(BigInt(value))),
    ]);
    const state = encodeRlp([
      numberBytes(quantityOf(nonce, "genesis.alloc.nonce")),
      numberBytes(quantityOf(balance, "genesis.alloc.balance")),
      buildTrie(slots).root,
      keccak256(hexToBytes(isHexBytes(code) ? code : "0x")),
    ]);
    return [keccak256(hexToBytes(plainAddress(address))), state] as const;
  });
  return buildTrie(accounts).root;
}

/** Slots that are not 0, by their 32 bytes. */
function storageOf(storage: unknown): Map<string, string> {
  const slots = Object.entries(membersOf(storage ?? {}, "genesis.alloc.storage"));
  const values = slots.map(([slot, value]): [string, string] => {
    const part = "genesis.alloc.storage";
    return [slotName(quantityOf(slot, part)), slotName(quantityOf(value, part))];
  });
  return new Map(values.filter(([, value]) => BigInt(value) !== 0n));
}

function slotName(value: bigint): string {
  return zeroPadValue(toBeHex(value), 32);
}

function plainAddress(address: string): string {
  return `0x${address.replace(/^0x/i, "").toLowerCase()}`;
}

import { hexToBytes } from "./hex.ts";
import { keccak256 } from "./keccak.ts";
import { invalidProof } from "./proof-error.ts";
import { bigintOf, bytesOf, decodeRlp, listOf } from "./rlp.ts";
import { arrayOf, dataOf, membersOf } from "./rpc-values.ts";
import { verifyTrieProof } from "./trie-proof.ts";

/** What a state holds of an account. */
export interface AccountState {
  nonce: bigint;
  balance: bigint;
  storageRoot: Uint8Array;
  codeHash: Uint8Array;
}

/**
 * Looks an account up in a state of which only the root is known.
 * @param address `0x...`
 * @param nodes `accountProof` of `eth_getProof`
 * @returns undefined where the state proves not to hold it
 * @throws BropError `proof.invalid`
 */
export function verifyAccount(stateRoot: Uint8Array, address: string, nodes: readonly Uint8Array[]) {
  const value = verifyTrieProof(stateRoot, keccak256(hexToBytes(address)), nodes);
  return value === undefined ? undefined : decodeAccount(value);
}

/**
 * Looks a slot up in an account's storage.
 * @param slot 32 bytes as `0x...`
 * @param nodes `proof` of the slot in `storageProof` of `eth_getProof`
 * @returns its value; 0 where the storage proves not to hold the slot, which is the same
 * @throws BropError `proof.invalid`
 */
export function verifyStorage(storageRoot: Uint8Array, slot: string, nodes: readonly Uint8Array[]): bigint {
  const value = verifyTrieProof(storageRoot, keccak256(hexToBytes(slot)), nodes);
  if (value === undefined) return 0n;
  const number = bigintOf(decodeRlp(value, "storage value"), "storage value");
  if (number === 0n) throw invalidProof("storage value", "is 0, which storage does not hold");
  return number;
}

/**
 * Reads storage slots of a contract from the answer of a node that is not trusted. What it says the values are is not
 * even looked at: the nodes of the tries tell.
 * @param answer of `eth_getProof` for the address and the slots, in any order
 * @throws BropError `proof.invalid`, also for a contract that is not there
 */
export function readStorage(
  stateRoot: Uint8Array,
  address: string,
  slots: readonly string[],
  answer: unknown,
): bigint[] {
  const { accountProof, storageProof } = membersOf(answer, "account proof");
  const account = verifyAccount(stateRoot, address, nodesOf(accountProof, "account proof"));
  if (account === undefined) throw invalidProof("account proof", `shows that there is no ${address}`);
  const proofs = arrayOf(storageProof, "storage proof");
  if (proofs.length !== slots.length) throw invalidProof("storage proof", "is not that of the slots asked for");
  const entries = proofs.map((entry) => membersOf(entry, "storage proof"));
  // Besu answers in the order of the slots' numbers. Whatever the keys say, the proof found by them is judged for the slot.
  const byKey = new Map(
    entries.flatMap((entry) => (isQuantity(entry.key) ? [[BigInt(entry.key), entry] as const] : [])),
  );
  return slots.map((slot, index) => {
    const { proof } = byKey.get(BigInt(slot)) ?? (entries[index] as Record<string, unknown>);
    return verifyStorage(account.storageRoot, slot, nodesOf(proof, "storage proof"));
  });
}

const isQuantity = (value: unknown): value is string =>
  typeof value === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(value);

function nodesOf(nodes: unknown, part: string): Uint8Array[] {
  return arrayOf(nodes, part).map((node) => dataOf(node, part));
}

function decodeAccount(value: Uint8Array): AccountState {
  const [nonce, balance, storageRoot, codeHash] = listOf(decodeRlp(value, "account"), "account", 4);
  return {
    nonce: bigintOf(nonce, "account.nonce"),
    balance: bigintOf(balance, "account.balance"),
    storageRoot: bytesOf(storageRoot, "account.storageRoot", 32),
    codeHash: bytesOf(codeHash, "account.codeHash", 32),
  };
}

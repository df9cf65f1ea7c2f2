import { bytesToHex, hexToBytes, word } from "../../src/core/hex.ts";
import { keccak256 } from "../../src/core/keccak.ts";
import { setHashOf, VALIDATOR_REGISTRY } from "../../src/core/qbft/validator-set.ts";
import { encodeRlp, numberBytes } from "../../src/core/rlp.ts";
import { type BuiltTrie, buildTrie } from "../../src/core/trie/build-trie.ts";

interface Account {
  code: string;
  /** 32-byte slots, never with 0. */
  storage: ReadonlyMap<string, bigint>;
}

const LIST_SLOT = BigInt(bytesToHex(keccak256(new Uint8Array(32))));
const slotName = (slot: bigint) => `0x${word(slot)}`;

/** A state of contracts and their storage, with real tries. Each change gives another state. */
export class SealedState {
  readonly #accounts: ReadonlyMap<string, Account>;
  #built: { state: BuiltTrie; storage: Map<string, BuiltTrie> } | undefined;

  constructor(accounts: ReadonlyMap<string, Account> = new Map()) {
    this.#accounts = accounts;
  }

  withCode(address: string, code: string): SealedState {
    return this.#changed(address, { ...this.#account(address), code });
  }

  with(address: string, slot: string, value: bigint): SealedState {
    const account = this.#account(address);
    const storage = new Map(account.storage);
    if (value === 0n) storage.delete(slot);
    else storage.set(slot, value);
    return this.#changed(address, { ...account, storage });
  }

  /** As ValidatorSet stores its set: list, hash, epoch and block of the change. */
  withSet(validators: readonly string[], epoch: number, block: number): SealedState {
    const { address } = VALIDATOR_REGISTRY;
    const entries: [string, bigint][] = [
      [slotName(0n), BigInt(validators.length)],
      [slotName(1n), BigInt(setHashOf(epoch, validators))],
      [slotName(2n), (BigInt(block) << 64n) | BigInt(epoch)],
      ...validators.map((one, index): [string, bigint] => [slotName(LIST_SLOT + BigInt(index)), BigInt(one)]),
    ];
    const storage = new Map(entries.filter(([, value]) => value !== 0n));
    return this.#changed(address, { code: "0x6001", storage });
  }

  get root(): string {
    return bytesToHex(this.#tries().state.root);
  }

  /** As a genesis file has it. */
  toAllocation(): Record<string, unknown> {
    const entries = [...this.#accounts].map(([address, { code, storage }]) => {
      const slots = Object.fromEntries([...storage].map(([slot, value]) => [slot, slotName(value)]));
      return [address, { balance: "0x0", nonce: "0x1", code, storage: slots }];
    });
    return Object.fromEntries(entries);
  }

  /** As Besu answers `eth_getProof`: slots by their number, whatever their order in the question. */
  prove(address: string, slots: readonly string[]): unknown {
    const { state, storage } = this.#tries();
    const own = storage.get(address.toLowerCase()) ?? buildTrie([]);
    const account = this.#account(address);
    return {
      address,
      accountProof: state.prove(keccak256(hexToBytes(address))).map(bytesToHex),
      storageHash: bytesToHex(own.root),
      storageProof: [...slots].sort().map((slot) => ({
        key: slot,
        value: `0x${(account.storage.get(slot) ?? 0n).toString(16)}`,
        proof: own.prove(keccak256(hexToBytes(slot))).map(bytesToHex),
      })),
    };
  }

  #account(address: string): Account {
    return this.#accounts.get(address.toLowerCase()) ?? { code: "0x", storage: new Map() };
  }

  #changed(address: string, account: Account): SealedState {
    return new SealedState(new Map(this.#accounts).set(address.toLowerCase(), account));
  }

  #tries() {
    if (this.#built !== undefined) return this.#built;
    const storage = new Map(
      [...this.#accounts].map(([address, account]) => {
        const slots = [...account.storage].map(([slot, value]): [Uint8Array, Uint8Array] => [
          keccak256(hexToBytes(slot)),
          encodeRlp(numberBytes(value)),
        ]);
        return [address, buildTrie(slots)];
      }),
    );
    const accounts = [...this.#accounts].map(([address, { code }]): [Uint8Array, Uint8Array] => [
      keccak256(hexToBytes(address)),
      encodeRlp([
        numberBytes(1),
        numberBytes(0),
        (storage.get(address) as BuiltTrie).root,
        keccak256(hexToBytes(code)),
      ]),
    ]);
    this.#built = { state: buildTrie(accounts), storage };
    return this.#built;
  }
}

import type { abi } from "../../generated/abi.ts";
import { DECODERS } from "../../generated/event-decoders.ts";
import { SYSTEM_ADDRESSES } from "../chain/system-addresses.ts";
import type { Database } from "../store/database.ts";

/** Name of a contract of the platform in Directory; accounts and vouchers are many. */
export type ContractKind = keyof typeof abi;

interface Listing {
  kind: ContractKind;
  /** Block in which it was listed. */
  since: number;
  /** Last block whose logs count; undefined: still listed. */
  until?: number;
}

/** Which contract an address is: the genesis contracts, what Directory lists by name, and the vouchers. */
export class Registry {
  readonly #listings = new Map<string, Listing>();
  readonly #current = new Map<ContractKind, string>();

  constructor() {
    for (const [name, address] of Object.entries(SYSTEM_ADDRESSES))
      this.register(name, address.slice(2).toLowerCase(), 0);
  }

  /** As it is after the last indexed block. */
  static async load(db: Database): Promise<Registry> {
    const registry = new Registry();
    const contracts = await db.query<{ name: string; address: string; from_block: number }>(
      "select name, encode(address, 'hex') as address, from_block from contracts order by from_block, from_log",
      [],
    );
    for (const { name, address, from_block } of contracts) registry.register(name, address, from_block);
    const vouchers = await db.query<{ address: string; block_number: number }>(
      "select encode(address, 'hex') as address, block_number from vouchers",
      [],
    );
    for (const { address, block_number } of vouchers) registry.addVoucher(address, block_number);
    return registry;
  }

  /** The kind of the contract whose logs of `block` count, undefined for all others. */
  kindOf(address: string, block: number): ContractKind | undefined {
    const listing = this.#listings.get(address);
    if (listing === undefined || (listing.until !== undefined && block > listing.until)) return undefined;
    return listing.kind;
  }

  /** The kind of a contract, from the block on in which it was listed. */
  listedAs(address: string, block: number): ContractKind | undefined {
    const listing = this.#listings.get(address);
    return listing !== undefined && block >= listing.since ? this.kindOf(address, block) : undefined;
  }

  /**
   * Notes a contract that Directory listed, in place of the one that had its name.
   * @returns whether its address was never listed before
   */
  register(name: string, address: string, block: number): boolean {
    if (!Object.hasOwn(DECODERS, name)) return false;
    const kind = name as ContractKind;
    const previous = this.#current.get(kind);
    if (previous === address) return false;
    const replaced = previous === undefined ? undefined : this.#listings.get(previous);
    if (replaced !== undefined) replaced.until = block;
    const known = this.#listings.has(address);
    this.#current.set(kind, address);
    this.#listings.set(address, { kind, since: block });
    return !known;
  }

  addVoucher(address: string, block: number): void {
    this.#listings.set(address, { kind: "Voucher", since: block });
  }
}

/** Whether a contract was listed after `block`. */
export async function hasListings(db: Database, block: number): Promise<boolean> {
  return (await db.query("select 1 from contracts where from_block > $1 limit 1", [block])).length > 0;
}

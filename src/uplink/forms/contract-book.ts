import { getAddress, type Interface, type InterfaceAbi, Interface as Interfaces } from "ethers";
import { abi } from "../../../generated/abi.ts";
import type { RpcClient } from "../../chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../chain/system-addresses.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex, hexToBytes, isHexBytes } from "../../core/hex.ts";
import type { Database } from "../../store/database.ts";
import { findContracts } from "../../store/queries/contracts.ts";
import { findVoucher } from "../../store/queries/vouchers.ts";

type AbiName = keyof typeof abi;

/** A contract that can be called by name. */
export interface BookEntry {
  address: string;
  interface: Interface;
}

/** As ERC-7821 writes the acting account itself. */
const ITSELF = `0x${"00".repeat(20)}`;

const interfaces = new Map<AbiName, Interface>();

/** The compiled interface of a contract. */
export function interfaceOf(name: AbiName): Interface {
  const known = interfaces.get(name);
  if (known !== undefined) return known;
  const made = new Interfaces(abi[name] as InterfaceAbi);
  interfaces.set(name, made);
  return made;
}

/** Finds the platform's contracts: by their name in Directory, vouchers by their address. */
export class ContractBook {
  readonly #db: Database;
  readonly #rpc: Pick<RpcClient, "call">;

  constructor(db: Database, rpc: Pick<RpcClient, "call">) {
    this.#db = db;
    this.#rpc = rpc;
  }

  /** What a contract's function answers at the latest block. @throws NodeRpcError, BropError `chain.unreachable` */
  async read(entry: BookEntry, name: string, values: readonly unknown[]): Promise<unknown> {
    const call = { to: entry.address, data: entry.interface.encodeFunctionData(name, values) };
    const answer = await this.#rpc.call<string>("eth_call", [call, "latest"]);
    return entry.interface.decodeFunctionResult(name, answer)[0];
  }

  /**
   * @param name as in Directory, for example `Records`; `Account` for the acting account itself; or a voucher's address
   * @throws BropError `request.invalid` for a contract that is not the platform's
   */
  async find(name: string, field = "contract"): Promise<BookEntry> {
    if (isHexBytes(name, 20)) return this.voucher(name, field);
    if (!Object.hasOwn(abi, name)) throw new BropError("request.invalid", { field, value: name, reason: UNKNOWN });
    const entry = interfaceOf(name as AbiName);
    if (name === "Account") return { address: ITSELF, interface: entry };
    return { address: await this.#addressOf(name, field), interface: entry };
  }

  /** A voucher by its address. @throws BropError `request.invalid` for an address of anything else */
  async voucher(address: string, field = "voucher"): Promise<BookEntry> {
    const found = isHexBytes(address, 20) ? await findVoucher(this.#db, hexToBytes(address)) : undefined;
    if (found === undefined) {
      throw new BropError("request.invalid", { field, value: address, reason: "is no voucher of this platform" });
    }
    return { address: getAddress(bytesToHex(found.address)), interface: interfaceOf("Voucher") };
  }

  async #addressOf(name: string, field: string): Promise<string> {
    const listed = (await findContracts(this.#db)).find((contract) => contract.name === name);
    const address = listed === undefined ? SYSTEM_ADDRESSES[name as keyof typeof SYSTEM_ADDRESSES] : listed.address;
    if (address === undefined) throw new BropError("request.invalid", { field, value: name, reason: UNKNOWN });
    return getAddress(typeof address === "string" ? address : bytesToHex(address));
  }
}

const UNKNOWN = "must be a name in Directory, `Account`, or a voucher's address";

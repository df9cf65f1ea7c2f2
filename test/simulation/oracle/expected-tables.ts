import { decodeBytes32String, type Result } from "ethers";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import type { RpcLog } from "../../../src/indexer/chain-reader.ts";
import type { Contract } from "../../indexer/fake-chain.ts";
import type { ChainBlock } from "../chain/consortium-chain.ts";
import { recordIdOf } from "../chain/identifiers.ts";
import { asJson, EVENT_TYPES, parseLog } from "./known-events.ts";

export type Row = Record<string, unknown>;

/** An event that subscribers are told of. */
export interface ExpectedEvent {
  block: number;
  log: number;
  type: string;
  contract: string | null;
  transaction: string | null;
  data: Record<string, unknown>;
}

interface Place {
  block: number;
  log: number;
  transaction: string;
  time: number;
  address: string;
}

const ZERO = /^0x0*$/;
const NONE = `0x${"0".repeat(40)}`;

/** What every table must hold after these blocks, computed from their logs one after the other. */
export class ExpectedTables {
  readonly tables = new Map<string, Row[]>();
  readonly events: ExpectedEvent[] = [];
  /** Address -> contract, from which block on it is listed. */
  readonly #contracts = new Map<string, { contract: Contract; since: number }>();
  readonly #accounts = new Set<string>();
  readonly #current = new Map<string, Row>();

  constructor(blocks: readonly ChainBlock[]) {
    for (const [name, address] of Object.entries(SYSTEM_ADDRESSES)) {
      this.#contracts.set(address.toLowerCase(), { contract: name as Contract, since: 0 });
    }
    // A contract that is listed is indexed from its own beginning: what it said before counts too.
    for (const { receipts } of blocks) for (const { logs } of receipts) for (const log of logs) this.#list(log);
    for (const { block, receipts } of blocks) {
      const number = Number(block.number);
      const time = Number(block.timestamp);
      this.#add("blocks", {
        ...{ number, hash: block.hash, parent_hash: block.parentHash, timestamp: time, proposer: block.miner },
        ...{ transaction_count: block.transactions.length, gas_used: Number(block.gasUsed) },
      });
      const logs = receipts.flatMap((receipt) => receipt.logs);
      for (const [index, receipt] of receipts.entries()) {
        this.#add("transactions", {
          ...{ hash: receipt.transactionHash, block_number: number, transaction_index: index, sender: receipt.from },
          ...{ recipient: receipt.to, success: receipt.status === "0x1", gas_used: Number(receipt.gasUsed) },
        });
      }
      for (const log of logs) {
        const at = {
          block: number,
          log: Number(log.logIndex),
          transaction: log.transactionHash,
          time,
          address: log.address,
        };
        this.#read(log, at);
      }
      this.events.push({
        ...{ block: number, log: logs.length, type: "block.added", contract: null, transaction: null },
        data: {
          ...{ number, hash: block.hash, parentHash: block.parentHash, timestamp: time },
          ...{ transactions: block.transactions.length, gasUsed: Number(block.gasUsed) },
        },
      });
    }
  }

  #list(log: RpcLog): void {
    const contract = this.#contracts.get(log.address)?.contract;
    if (contract !== "Directory" && contract !== "VoucherFactory") return;
    const event = parseLog(contract, log);
    const since = Number(log.blockNumber);
    if (event?.name === "ContractRegistered") {
      const name = decodeBytes32String(event.args.name) as Contract;
      this.#contracts.set(String(event.args.target).toLowerCase(), { contract: name, since });
    }
    if (event?.name === "VoucherCreated") {
      this.#contracts.set(String(event.args.voucher).toLowerCase(), { contract: "Voucher", since });
    }
  }

  #read(log: RpcLog, at: Place): void {
    const listed = this.#contracts.get(log.address);
    if (listed === undefined && !this.#accounts.has(log.address)) return;
    const contract = listed?.contract ?? "Account";
    const event = parseLog(contract, log);
    if (event === undefined) return;
    const name = `${contract}.${event.name}`;
    const type = EVENT_TYPES[name];
    if (type === undefined) throw new Error(`the oracle does not know ${name}`);
    if (listed === undefined || at.block >= listed.since) {
      const values = event.fragment.inputs.map((input, index) => [input.name, asJson(input, event.args[index])]);
      const { block, log: place, address, transaction } = at;
      this.events.push({ block, log: place, type, contract: address, transaction, data: Object.fromEntries(values) });
    }
    this.#apply(name, event.args, at);
  }

  #apply(name: string, args: Result, at: Place): void {
    const text = (key: string) => String(args[key]).toLowerCase();
    const number = (key: string) => Number(args[key]);
    const optional = (key: string) => (ZERO.test(text(key)) ? null : text(key));
    const place = { block_number: at.block, log_index: at.log };
    const event = { transaction_hash: at.transaction, ...place };
    switch (name) {
      case "EntryPoint.UserOperationEvent":
        this.#add("operations", {
          ...{ hash: text("userOpHash"), sender: text("sender"), nonce: text("nonce"), success: args.success },
          ...{ gas_used: number("actualGasUsed"), ...event },
        });
        return;
      case "EntryPoint.UserOperationRevertReason":
        this.#add("operation_reverts", {
          ...{ operation: text("userOpHash"), reason: text("revertReason"), ...place },
        });
        return;
      case "Quota.Charged":
        this.#charge(text("account"), text("payer"), BigInt(args.points), at.block);
        return;
      case "Directory.ContractRegistered":
        this.#version("contracts", { name: decodeBytes32String(args.name) }, at, {
          ...{ address: text("target"), version: number("version"), abi_digest: text("abiDigest") },
          transaction_hash: at.transaction,
        });
        return;
      case "AccountFactory.AccountCreated":
        this.#accounts.add(text("account"));
        this.#add("accounts", { address: text("account"), number: number("id"), creator: text("creator"), ...event });
        this.#version("account_holds", { account: text("account") }, at, {
          ...{ held_until: null, transaction_hash: at.transaction },
        });
        this.#signer(text("account"), text("signer"), at);
        return;
      case "Account.SignerChanged":
        this.#signer(at.address, text("signer"), at);
        return;
      case "Certifications.LevelSet":
        this.#version("levels", { level: number("level") }, at, {
          ...{ rank: number("rank"), permissions: number("permissions"), transaction_hash: at.transaction },
        });
        return;
      case "Certifications.Certified":
        this.#version("certifications", { account: text("account"), certifier: text("certifier") }, at, {
          ...{ level: number("level"), status: 1, responsible: args.responsible, issued_at: at.time },
          ...{
            expires_at: number("expiresAt"),
            digest: text("digest"),
            ground: null,
            transaction_hash: at.transaction,
          },
        });
        return;
      case "Certifications.CertificationSuspended":
      case "Certifications.CertificationResumed": {
        const key = { account: text("account"), certifier: text("certifier") };
        const status = name.endsWith("Suspended") ? 2 : 1;
        const before = this.#current.get(nameOf("certifications", key));
        if (before === undefined) return;
        const change = { status, ground: text("ground"), transaction_hash: at.transaction };
        this.#version("certifications", key, at, { ...stateOf(before), ...change });
        return;
      }
      case "Records.Recorded":
        this.#add("records", {
          ...{ id: recordIdOf(args.owner, args.digest, args.subject), owner: text("owner"), digest: text("digest") },
          ...{ subject: optional("subject"), algorithm: number("algorithm"), kind: number("kind") },
          ...{ responsible: optional("responsible"), business_key: optional("businessKey") },
          ...{ refers_to: optional("refersTo"), recorded_at: at.time, ...event },
        });
        return;
      case "Records.RecordRevoked":
        this.#version("record_statuses", { record: text("id") }, at, {
          ...{ status: 2, superseded_by: null, reason: text("reason"), transaction_hash: at.transaction },
        });
        return;
      case "Records.ObjectOpened":
        this.#add("objects", { id: text("object"), owner: text("owner"), key: text("key"), ...event });
        return;
      case "Records.Linked":
        this.#add("object_links", {
          ...{ object: text("object"), position: number("index"), record: text("id") },
          ...{ previous: optional("previous"), digest: text("digest"), ...place },
        });
        return;
      case "VoucherFactory.VoucherApplied":
        this.#applyForVoucher(args, at);
        return;
      case "VoucherFactory.VoucherCreated": {
        const id = number("id");
        const voucher = text("voucher");
        this.#add("vouchers", { address: voucher, application: id, issuer: text("issuer"), ...event });
        const before = this.#current.get(nameOf("voucher_applications", { id })) as Row;
        const change = { status: 4, voucher, transaction_hash: at.transaction };
        this.#version("voucher_applications", { id }, at, { ...stateOf(before), ...change });
        return;
      }
      case "Voucher.TransferSingle":
        this.#add("voucher_transfers", {
          ...{ voucher: at.address, lot: text("id"), sender: optional("from"), recipient: optional("to") },
          ...{ executor: text("operator"), amount: text("value"), ...event, item: 0 },
        });
        this.#move(at, text("id"), text("from"), -BigInt(args.value));
        this.#move(at, text("id"), text("to"), BigInt(args.value));
        return;
      case "Voucher.Allocated":
        this.#add("allocations", {
          ...{ voucher: at.address, lot: text("lot"), recipient: text("to"), amount: text("amount") },
          ...{ circulating: text("circulating"), ...event },
        });
        return;
    }
  }

  #signer(account: string, signer: string, at: Place): void {
    this.#version("account_signers", { account }, at, { signer, transaction_hash: at.transaction });
  }

  #charge(account: string, payer: string, points: bigint, block: number): void {
    const rows = this.tables.get("quota_charges") ?? [];
    const found = rows.find((row) => row.account === account && row.payer === payer && row.block_number === block);
    if (found === undefined) {
      this.#add("quota_charges", { account, payer, points: String(points), operations: 1, block_number: block });
      return;
    }
    found.points = String(BigInt(found.points as string) + points);
    found.operations = (found.operations as number) + 1;
  }

  #applyForVoucher(args: Result, at: Place): void {
    const application = args.application as Result;
    const value = (key: string) => String(application[key]);
    this.#version("voucher_applications", { id: Number(args.id) }, at, {
      ...{ issuer: String(args.issuer).toLowerCase(), status: 1, voucher_type: Number(application.voucherType) },
      ...{ decimals: Number(application.decimals), holder_level: Number(application.holderLevel), cap: value("cap") },
      ...{ terms_digest: value("termsDigest"), declaration_digest: value("declarationDigest") },
      legal_category: decodeBytes32String(value("legalCategory")),
      ...{ name: value("name"), symbol: value("symbol"), product: value("product"), uri: value("uri") },
      ...{ ground: null, voucher: null, transaction_hash: at.transaction },
    });
  }

  #move(at: Place, lot: string, holder: string, amount: bigint): void {
    const supply = holder === NONE;
    const table = supply ? "voucher_supplies" : "voucher_balances";
    const key = { voucher: at.address, lot, ...(supply ? {} : { holder }) };
    const column = supply ? "circulating" : "amount";
    const before = BigInt((this.#current.get(nameOf(table, key))?.[column] as string) ?? 0);
    this.#version(table, key, at, { [column]: String(before + (supply ? -amount : amount)) }, true);
  }

  #add(table: string, row: Row): void {
    const rows = this.tables.get(table);
    if (rows === undefined) this.tables.set(table, [row]);
    else rows.push(row);
  }

  /** A new version of a state, which ends the one before it. */
  #version(table: string, key: Row, at: Place, state: Row, onePerBlock = false): void {
    const before = this.#current.get(nameOf(table, key));
    const version: Row = { ...key, ...state, from_block: at.block, from_log: at.log, to_block: null };
    this.#current.set(nameOf(table, key), version);
    if (before !== undefined && onePerBlock && before.from_block === at.block) {
      Object.assign(before, version);
      this.#current.set(nameOf(table, key), before);
      return;
    }
    if (before !== undefined) before.to_block = at.block;
    this.#add(table, version);
  }
}

function nameOf(table: string, key: Row): string {
  return `${table} ${Object.values(key).join(" ")}`;
}

function stateOf({ from_block, from_log, to_block, ...rest }: Row): Row {
  return rest;
}

import {
  encodeBytes32String,
  formatUnits,
  getAddress,
  type Interface,
  isAddress,
  parseUnits,
  type TransactionReceipt,
} from "ethers";
import { digestFile } from "../../core/digest.node.ts";
import { BropError } from "../../core/errors.ts";
import { bropErrorFrom, bytesToHex, type LevelName, levelName, levelNumber, type Voucher } from "../../sdk/index.ts";
import { resolveAccount } from "../accounts.ts";
import type { Session } from "../session.ts";
import { details, printable } from "../table.ts";

export interface ApplyOptions {
  name: string;
  symbol: string;
  cap: string;
  decimals: number;
  product: string;
  terms: string;
  declaration: string;
  category: string;
  uri: string;
  holderLevel: LevelName;
  redemptionBlocks: number;
}

const SPLITTABLE = 0;
/** Holders may transfer to each other as they like. */
const WITHOUT_LIMITS = { secondary: true, hands: 0, holdingBlocks: 0, periodBlocks: 0, periodAmount: 0 };
/** Token of a splittable voucher's only balance. */
const TOKEN = 0;

/** Applies for a voucher (VO-1). */
export async function apply(session: Session, options: ApplyOptions): Promise<void> {
  const { name, symbol, product, uri, decimals } = options;
  const cap = baseUnits(options.cap, decimals, "--cap");
  const [termsDigest, declarationDigest] = await Promise.all(
    [options.terms, options.declaration].map(async (path) => bytesToHex(await digestFile(path))),
  );
  const application = {
    voucherType: SPLITTABLE,
    ...{ decimals, cap, name, symbol, product, uri },
    termsDigest: termsDigest as string,
    declarationDigest: declarationDigest as string,
    holderLevel: levelNumber(options.holderLevel),
    legalCategory: shortText(options.category, "--category"),
    redemptionBlocks: options.redemptionBlocks,
    ...WITHOUT_LIMITS,
  };
  const actor = await session.actor();
  const { voucherFactory } = (await session.brop()).contracts;
  const receipt = await session.step(`Application for ${name}`, async () => {
    const response = await voucherFactory.connect(actor).applyFor(application);
    return response.wait();
  });
  const id = Number(argumentOf(receipt, voucherFactory.interface, "VoucherApplied", "id"));
  session.output.result({ application: id, issuer: actor.address, name, symbol, cap, decimals }, (paint) =>
    [
      `${paint.green("✓")} ${paint.bold(`Application ${id}`)}: ${printable(name)} (${printable(symbol)})`,
      `The operator creates it with: brop voucher create ${id}`,
    ].join("\n"),
  );
}

/** The operator creates the voucher's contract. */
export async function create(session: Session, text: string): Promise<void> {
  if (!/^[1-9]\d{0,15}$/.test(text)) session.misuse("error: APPLICATION is a number, from 1");
  const operator = await session.operator();
  const { voucherFactory } = (await session.brop()).contracts;
  const receipt = await session.step(`Voucher of application ${text} is created`, async () => {
    try {
      const response = await voucherFactory.connect(operator).create(BigInt(text));
      return await response.wait();
    } catch (error) {
      throw bropErrorFrom(error);
    }
  });
  const voucher = argumentOf(receipt, voucherFactory.interface, "VoucherCreated", "voucher") as string;
  session.output.result({ application: Number(text), voucher }, (paint) =>
    [`${paint.green("✓")} ${paint.bold("Voucher created")}`, details([["voucher", voucher]])].join("\n"),
  );
}

/** The issuer allocates new vouchers (VO-3). */
export async function allocate(session: Session, voucher: string, to: string, amount: string): Promise<void> {
  await move(session, [voucher, to, amount], "Allocated", async (contract, receiver, units) => {
    const actor = await session.actor();
    const response = await contract.connect(actor).allocate(receiver, units);
    return { receipt: await response.wait(), from: undefined };
  });
}

/** A holder transfers vouchers (VO-4). */
export async function transfer(session: Session, voucher: string, to: string, amount: string): Promise<void> {
  await move(session, [voucher, to, amount], "Transferred", async (contract, receiver, units) => {
    const actor = await session.actor();
    const response = await contract.connect(actor).safeTransferFrom(actor.address, receiver, TOKEN, units, "0x");
    return { receipt: await response.wait(), from: actor.address };
  });
}

async function move(
  session: Session,
  [address, who, amount]: [string, string, string],
  done: string,
  send: (
    contract: Voucher,
    receiver: string,
    units: bigint,
  ) => Promise<{ receipt: TransactionReceipt | null; from: string | undefined }>,
): Promise<void> {
  const voucher = await voucherAt(session, address);
  const receiver = await resolveAccount(session, who);
  const [decimals, symbol] = await Promise.all([voucher.decimals(), voucher.symbol()]);
  const units = baseUnits(amount, Number(decimals), "AMOUNT");
  const { receipt, from } = await session.step(`${amount} ${symbol}`, () => send(voucher, receiver, units));
  const balance = await voucher.balanceOf(receiver, TOKEN);
  const result = {
    voucher: await voucher.getAddress(),
    ...(from === undefined ? {} : { from }),
    ...{ to: receiver, amount: formatUnits(units, decimals), symbol },
    balance: formatUnits(balance, decimals),
    block: receipt?.blockNumber,
  };
  session.output.result(result, (paint) =>
    [
      `${paint.green("✓")} ${paint.bold(done)}: ${amountOf(units, decimals, symbol)}`,
      details([
        ["from", from],
        ["to", `${receiver}, which now has ${amountOf(balance, decimals, symbol)}`],
      ]),
    ].join("\n"),
  );
}

/** Shows a voucher and its holders' balances. */
export async function show(session: Session, address: string, holders: string[]): Promise<void> {
  const voucher = await voucherAt(session, address);
  const { partners } = (await session.brop()).contracts;
  const accounts = await Promise.all(holders.map((text) => resolveAccount(session, text)));
  const [name, symbol, decimals, issuer, cap, circulating, level, termsDigest, balances] = await Promise.all([
    ...([voucher.name(), voucher.symbol(), voucher.decimals(), voucher.issuer(), voucher.cap()] as const),
    ...([voucher.circulating(), voucher.holderLevel(), voucher.termsDigest()] as const),
    Promise.all(accounts.map((account) => voucher.balanceOf(account, TOKEN))),
  ]).catch((error: unknown) => {
    throw bropErrorFrom(error);
  });
  const { name: issuerName } = await partners.partner(issuer);
  const result = {
    voucher: await voucher.getAddress(),
    ...{ name, symbol, issuer, issuerName, termsDigest },
    decimals: Number(decimals),
    cap: formatUnits(cap, decimals),
    circulating: formatUnits(circulating, decimals),
    holderLevel: levelName(level),
    holders: accounts.map((account, index) => ({ account, balance: formatUnits(balances[index] ?? 0n, decimals) })),
  };
  session.output.result(result, () =>
    details([
      ["voucher", result.voucher],
      ["name", `${name} (${symbol})`],
      ["issuer", `${issuerName}, ${issuer}`],
      ["circulating", `${amountOf(circulating, decimals, symbol)} of at most ${result.cap}`],
      ["holders", `${result.holderLevel} or better`],
      ["terms digest", termsDigest],
      ...result.holders.map(({ account, balance }): [string, string] => ["balance", `${account} ${balance}`]),
    ]),
  );
}

/** @throws BropError `resource.not-found` for what is no voucher of this platform */
async function voucherAt(session: Session, text: string): Promise<Voucher> {
  if (!isAddress(text)) return session.misuse("error: VOUCHER is the address of the voucher's contract");
  const brop = await session.brop();
  const address = getAddress(text);
  if (await brop.contracts.voucherFactory.isVoucher(address)) return brop.voucher(address);
  throw new BropError("resource.not-found", { voucher: address });
}

/** @throws BropError `request.invalid` for what is no amount, or has too many decimal places */
function baseUnits(text: string, decimals: number, field: string): bigint {
  const reason = `must be a positive number with at most ${decimals} decimal places`;
  const [, fraction = ""] = text.split(".");
  if (!/^\d+(\.\d+)?$/.test(text) || fraction.length > decimals || /^[0.]*$/.test(text)) {
    throw new BropError("request.invalid", { field, reason, value: text });
  }
  return parseUnits(text, decimals);
}

function amountOf(units: bigint, decimals: bigint, symbol: string): string {
  return `${formatUnits(units, decimals)} ${printable(symbol)}`;
}

function shortText(text: string, field: string): string {
  try {
    return encodeBytes32String(text);
  } catch {
    throw new BropError("request.invalid", { field, reason: "must have at most 31 bytes", value: text });
  }
}

/** An argument of the first event of that name in a receipt. */
function argumentOf(receipt: TransactionReceipt | null, contract: Interface, event: string, name: string): unknown {
  for (const log of receipt?.logs ?? []) {
    const parsed = contract.parseLog(log);
    if (parsed?.name === event) return parsed.args.getValue(name);
  }
  throw new BropError("service.internal", {}, `The receipt has no event ${event}`);
}

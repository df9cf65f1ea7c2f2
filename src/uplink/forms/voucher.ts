import { getAddress } from "ethers";
import { BropError } from "../../core/errors.ts";
import type { Form } from "../form.ts";
import type { ContractBook } from "./contract-book.ts";

/** Vouchers to hand on (VO-4). */
export interface VoucherTransferRequest {
  voucher: string;
  to: string;
  /** Base units; of a lot its whole face amount moves. */
  amount?: string | undefined;
  /** Number of a lot, for vouchers of that type. */
  lot?: string | undefined;
}

/** New vouchers for their first holders (VO-3). */
export interface VoucherAllocationRequest {
  voucher: string;
  /** Of a divisible voucher. */
  allocations?: readonly { to: string; amount: string }[] | undefined;
  /** Of a voucher of lots. */
  lots?: readonly { to: string; face: string; metadataDigest: string }[] | undefined;
}

/** Identifier of the balance of a divisible voucher. */
const DIVISIBLE = 0n;

/** Hands vouchers on, from the acting account. @throws BropError `request.invalid` */
export async function voucherTransferForm(
  book: ContractBook,
  from: string,
  { voucher, to, amount, lot }: VoucherTransferRequest,
): Promise<Form> {
  if ((amount === undefined) === (lot === undefined)) {
    throw new BropError("request.invalid", { field: "amount", reason: "give one of amount and lot" });
  }
  const entry = await book.voucher(voucher);
  const { address, interface: abi } = entry;
  const receiver = getAddress(to.toLowerCase());
  // A lot moves as a whole.
  const units = lot === undefined ? BigInt(amount as string) : ((await book.read(entry, "faceOf", [lot])) as bigint);
  const id = lot === undefined ? DIVISIBLE : BigInt(lot);
  return {
    kind: "voucher-transfer",
    calls: [{ target: address, data: abi.encodeFunctionData("safeTransferFrom", [from, receiver, id, units, "0x"]) }],
    content: { voucher: address, from, to: receiver, ...(lot === undefined ? { amount } : { lot }) },
  };
}

/** Allocates vouchers, by their issuer or its agent. @throws BropError `request.invalid` */
export async function voucherAllocationForm(
  book: ContractBook,
  { voucher, allocations, lots }: VoucherAllocationRequest,
): Promise<Form> {
  if ((allocations === undefined) === (lots === undefined)) {
    throw new BropError("request.invalid", { field: "allocations", reason: "give one of allocations and lots" });
  }
  const { address, interface: abi } = await book.voucher(voucher);
  const receivers = (allocations ?? lots ?? []).map(({ to }) => getAddress(to.toLowerCase()));
  const data =
    allocations === undefined
      ? abi.encodeFunctionData("allocateLots", [
          receivers,
          (lots ?? []).map(({ face }) => BigInt(face)),
          (lots ?? []).map(({ metadataDigest }) => metadataDigest),
        ])
      : abi.encodeFunctionData("allocateMany", [receivers, allocations.map(({ amount }) => BigInt(amount))]);
  const count = receivers.length;
  return { kind: "voucher-allocation", calls: [{ target: address, data }], content: { voucher: address, count } };
}

import { bropErrorFrom } from "../../sdk/errors.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

export async function status(session: Session): Promise<void> {
  const brop = await session.brop();
  const { accountFactory, voucherFactory } = brop.contracts;
  const [block, accounts, vouchers] = await Promise.all([
    brop.provider.getBlock("latest"),
    accountFactory.count(),
    voucherFactory.count(),
  ]).catch((error: unknown) => {
    throw bropErrorFrom(error);
  });
  const time = new Date((block?.timestamp ?? 0) * 1000);
  const result = {
    url: session.url,
    chainId: Number(brop.chainId),
    block: { number: block?.number, hash: block?.hash, time },
    accounts: Number(accounts),
    voucherApplications: Number(vouchers),
    contracts: brop.addresses,
  };
  session.output.result(result, (paint) => {
    const first = details([
      ["network", `chain ${result.chainId} at ${session.url}`],
      ["newest block", `${block?.number}, ${time.toISOString()}`],
      ["accounts", String(accounts)],
      ["voucher applications", String(vouchers)],
    ]);
    return `${first}\n\n${paint.bold("Contracts")}\n${details(Object.entries(brop.addresses))}`;
  });
}

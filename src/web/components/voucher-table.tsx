import type { Voucher } from "../api/types.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { AccountLink } from "./account-link.tsx";
import { SupplyBar } from "./supply-bar.tsx";
import { type Column, ListTable, Table } from "./table.tsx";
import type { List } from "./use-list.ts";

const keyOf = (voucher: Voucher) => voucher.address;

/** Vouchers at hand. */
export function VoucherTable({ vouchers }: { vouchers: readonly Voucher[] }) {
  const { text } = useTexts();
  return <Table caption={text("vouchers.title")} columns={useVoucherColumns()} items={vouchers} keyOf={keyOf} />;
}

/** Vouchers page by page. */
export function VoucherList({ list, empty }: { list: List<Voucher>; empty: { title: string; words?: string } }) {
  const { text } = useTexts();
  return (
    <ListTable caption={text("vouchers.title")} columns={useVoucherColumns()} keyOf={keyOf} list={list} empty={empty} />
  );
}

function useVoucherColumns(): Column<Voucher>[] {
  const { text, rich } = useTexts();
  return [
    {
      title: text("voucher.name"),
      cell: ({ address, name, issuer }) => (
        <div>
          <Link to={{ page: "voucher", address }}>{name}</Link>
          <p className="soft small">{rich("voucher.by", { issuer: <AccountLink address={issuer} /> })}</p>
        </div>
      ),
    },
    { title: text("voucher.supply"), cell: (voucher) => <SupplyBar {...voucher} /> },
  ];
}

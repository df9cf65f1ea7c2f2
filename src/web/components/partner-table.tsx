import type { Partner } from "../api/types.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { StatusBadge } from "./status-badge.tsx";
import { type Column, ListTable, Table } from "./table.tsx";
import type { List } from "./use-list.ts";
import { usePermissionWords } from "./use-permission-words.ts";

const keyOf = (partner: Partner) => partner.address;

/** Partners at hand. */
export function PartnerTable({ partners }: { partners: readonly Partner[] }) {
  const { text } = useTexts();
  return <Table caption={text("partners.title")} columns={usePartnerColumns()} items={partners} keyOf={keyOf} />;
}

/** Partners page by page. */
export function PartnerList({ list }: { list: List<Partner> }) {
  const { text } = useTexts();
  const empty = { title: text("state.empty.partners"), words: text("state.empty.partners.words") };
  return (
    <ListTable caption={text("partners.title")} columns={usePartnerColumns()} keyOf={keyOf} list={list} empty={empty} />
  );
}

function usePartnerColumns(): Column<Partner>[] {
  const { text } = useTexts();
  const permissionWords = usePermissionWords();
  return [
    {
      title: text("partner.name"),
      cell: ({ address, name }) => <Link to={{ page: "partner", account: address }}>{name}</Link>,
    },
    { title: text("partner.may"), cell: ({ permissions }) => permissionWords(permissions) },
    { title: text("record.status"), cell: ({ status }) => <StatusBadge status={status} /> },
  ];
}

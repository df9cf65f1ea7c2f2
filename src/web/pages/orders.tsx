import { orders } from "../api/queries.ts";
import type { Order } from "../api/types.ts";
import { AccountLink } from "../components/account-link.tsx";
import { BlockLink } from "../components/block-link.tsx";
import { ListPage } from "../components/list-page.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { useHead } from "../components/use-head.ts";
import { nextPage, useList } from "../components/use-list.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";

/** One that was not carried out in its time has expired; no event tells. */
export function isExpired({ status, lastBlock }: Order, head: number | undefined): boolean {
  return status === "filed" && head !== undefined && head > lastBlock;
}

export function OrdersPage() {
  const { text } = useTexts();
  const head = useHead();
  const list = useList("orders", (cursor, signal) => orders(nextPage(cursor), signal));
  return (
    <ListPage
      title={text("orders.title")}
      words={text("orders.words")}
      list={list}
      empty={{ title: text("orders.empty"), words: text("orders.empty.words") }}
      keyOf={({ id }) => String(id)}
      columns={[
        {
          title: text("order.number"),
          cell: ({ id }) => (
            <Link to={{ page: "order", number: String(id) }}>{text("order.title", { number: id })}</Link>
          ),
        },
        {
          title: text("order.subject"),
          cell: ({ subject }) => (subject === null ? "–" : <AccountLink address={subject} />),
        },
        { title: text("order.executor"), cell: ({ executor }) => <AccountLink address={executor} /> },
        { title: text("order.filed"), number: true, cell: ({ filedBlock }) => <BlockLink number={filedBlock} /> },
        {
          title: text("record.status"),
          cell: (one) => <StatusBadge status={isExpired(one, head) ? "expired" : one.status} />,
        },
      ]}
    />
  );
}

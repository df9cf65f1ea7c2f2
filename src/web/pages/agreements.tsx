import { agreements } from "../api/queries.ts";
import type { Agreement } from "../api/types.ts";
import { AccountLink } from "../components/account-link.tsx";
import { BlockLink } from "../components/block-link.tsx";
import { Hash } from "../components/hash.tsx";
import { ListPage } from "../components/list-page.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { useHead } from "../components/use-head.ts";
import { nextPage, useList } from "../components/use-list.ts";
import { useTexts } from "../language/language-context.tsx";

/** That time ran out is not told by an event: it follows from the block. */
function isLapsed({ status, lastBlock }: Agreement, head: number | undefined): boolean {
  return status === "proposed" && head !== undefined && head > lastBlock;
}

export function AgreementsPage() {
  const { text } = useTexts();
  const head = useHead();
  const list = useList("agreements", (cursor, signal) => agreements(nextPage(cursor), signal));
  return (
    <ListPage
      title={text("agreements.title")}
      words={text("agreements.words")}
      list={list}
      empty={{ title: text("agreements.empty"), words: text("agreements.empty.words") }}
      keyOf={({ id }) => id}
      columns={[
        { title: text("agreement.title"), cell: ({ id }) => <Hash value={id} to={{ page: "agreement", id }} /> },
        { title: text("agreement.proposer"), cell: ({ proposer }) => <AccountLink address={proposer} /> },
        { title: text("agreement.parties"), number: true, cell: ({ parties }) => parties },
        { title: text("agreement.proposed"), number: true, cell: (one) => <BlockLink number={one.proposedBlock} /> },
        {
          title: text("record.status"),
          cell: (one) => <StatusBadge status={isLapsed(one, head) ? "lapsed" : one.status} />,
        },
      ]}
    />
  );
}

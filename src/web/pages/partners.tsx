import { documents, partners } from "../api/queries.ts";
import { RecognitionGraph } from "../charts/recognition-graph.tsx";
import { AccountLink } from "../components/account-link.tsx";
import { Card } from "../components/card.tsx";
import { Hash } from "../components/hash.tsx";
import { Location } from "../components/location.tsx";
import { PageHead } from "../components/page-head.tsx";
import { PartnerList } from "../components/partner-table.tsx";
import { ListTable } from "../components/table.tsx";
import { Day } from "../components/times.tsx";
import { nextPage, useList } from "../components/use-list.ts";
import { useTexts } from "../language/language-context.tsx";

export function PartnersPage() {
  const { text } = useTexts();
  const list = useList("partners", (cursor, signal) => partners(nextPage(cursor), signal));
  return (
    <>
      <PageHead title={text("partners.title")} words={text("partners.words")} />
      <div className="stack">
        <div className="card">
          <PartnerList list={list} />
        </div>
        <RecognitionGraph />
        <Documents />
      </div>
    </>
  );
}

/** What partners sign before they are admitted. */
function Documents() {
  const { text } = useTexts();
  const list = useList("documents", (cursor, signal) => documents(nextPage(cursor), signal));
  return (
    <Card title={text("documents.title")} words={text("documents.words")}>
      <ListTable
        caption={text("documents.title")}
        list={list}
        empty={{ title: text("documents.empty") }}
        keyOf={({ document, version }) => `${document} ${version}`}
        columns={[
          {
            title: text("signature.document"),
            cell: ({ document, location }) => <Location value={location} name={document} />,
          },
          { title: text("signature.version"), number: true, cell: ({ version }) => version },
          { title: text("document.published"), cell: ({ publisher }) => <AccountLink address={publisher} /> },
          { title: text("voucher.time"), cell: ({ publishedAt }) => <Day value={publishedAt} /> },
          { title: text("document.digest"), cell: ({ digest }) => <Hash value={digest} /> },
        ]}
      />
    </Card>
  );
}

import { batch } from "../api/queries.ts";
import type { BatchDetail } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { AccountLink } from "../components/account-link.tsx";
import { BlockLink } from "../components/block-link.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Hash, WholeHash } from "../components/hash.tsx";
import { PageHead } from "../components/page-head.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/times.tsx";
import { shorten } from "../format/hex.ts";
import { TAGS } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";

/** An anchored list of records. */
export function BatchPage({ id }: { id: string }) {
  const { text } = useTexts();
  const query = useQuery(`batch ${id}`, (signal) => batch(id, signal));
  return (
    <>
      <PageHead
        kicker={text("batch.title")}
        title={<span className="mono">{shorten(id, 8)}</span>}
        words={text("batch.words")}
      />
      <Loaded query={query}>{(found) => <BatchParts batch={found} />}</Loaded>
    </>
  );
}

function BatchParts({ batch }: { batch: BatchDetail }) {
  const { language, text } = useTexts();
  const hash = (value: string, what: string) => <WholeHash value={value} what={what} />;
  return (
    <div className="stack">
      <Card title={text("batch.title")}>
        <div className="card-body">
          <Facts
            rows={[
              [text("batch.owner"), <AccountLink key="owner" address={batch.owner} />],
              [text("record.responsible"), batch.responsible !== null && <AccountLink address={batch.responsible} />],
              [text("batch.records"), new Intl.NumberFormat(TAGS[language]).format(batch.records)],
              [text("batch.when"), <Time key="when" value={batch.anchoredAt} zone />],
              [text("record.block"), <BlockLink key="block" number={batch.blockNumber} />],
              [text("batch.root"), hash(batch.root, text("batch.root"))],
              [text("batch.id"), hash(batch.id, text("batch.id"))],
            ]}
          />
        </div>
      </Card>
      <Card title={text("batch.revoked")}>
        {batch.revoked.length === 0 ? (
          <Empty title={text("batch.revoked.none")} />
        ) : (
          <Table
            caption={text("batch.revoked")}
            items={batch.revoked}
            keyOf={({ leaf }) => leaf}
            columns={[
              { title: text("batch.leaf"), number: true, cell: ({ leaf }) => leaf },
              { title: text("record.reason"), cell: ({ reason }) => <Hash value={reason} /> },
            ]}
          />
        )}
      </Card>
    </div>
  );
}

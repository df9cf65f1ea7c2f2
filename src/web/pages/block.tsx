import { block } from "../api/queries.ts";
import type { BlockDetail } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { Card, Facts } from "../components/card.tsx";
import { Hash, WholeHash } from "../components/hash.tsx";
import { PageHead } from "../components/page-head.tsx";
import { SealsCard } from "../components/seals-card.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/times.tsx";
import { TAGS } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";

export function BlockPage({ number }: { number: string }) {
  const { text } = useTexts();
  const query = useQuery(`block ${number}`, (signal) => block(number, signal));
  return (
    <>
      <PageHead
        title={text("block.title", { number: query.data?.number ?? number })}
        words={query.data && <Time value={query.data.timestamp} />}
      />
      <Loaded query={query}>{(found) => <BlockParts block={found} />}</Loaded>
    </>
  );
}

function BlockParts({ block }: { block: BlockDetail }) {
  const { language, text, counted } = useTexts();
  return (
    <div className="stack">
      <nav className="pager" aria-label={text("blocks.title")}>
        {block.number > 0 && (
          <Link to={{ page: "block", number: String(block.number - 1) }} rel="prev">
            ← {text("block.previous")}
          </Link>
        )}
        <Link to={{ page: "block", number: String(block.number + 1) }} rel="next">
          {text("block.next")} →
        </Link>
      </nav>
      <Card title={text("block.title", { number: block.number })}>
        <div className="card-body">
          <Facts
            rows={[
              [text("block.time"), <Time key="time" value={block.timestamp} />],
              [text("block.hash"), <WholeHash key="hash" value={block.hash} what={text("block.hash")} />],
              [text("block.parent"), <WholeHash key="parent" value={block.parentHash} what={text("block.parent")} />],
              [text("block.proposer"), <Hash key="proposer" value={block.proposer} />],
              [text("block.gas"), new Intl.NumberFormat(TAGS[language]).format(block.gasUsed)],
            ]}
          />
        </div>
      </Card>
      <SealsCard block={block.number} />
      <Card title={counted("block.transactions", block.transactionCount)}>
        {block.transactions.length === 0 ? (
          <Empty title={text("block.empty")} />
        ) : (
          <Table
            caption={text("block.transactions")}
            items={block.transactions}
            keyOf={({ hash }) => hash}
            columns={[
              { title: text("transaction.hash"), cell: ({ hash }) => <Hash value={hash} /> },
              { title: text("transaction.sender"), cell: ({ sender }) => <Hash value={sender} /> },
              {
                title: text("transaction.recipient"),
                cell: ({ recipient }) =>
                  recipient === null ? text("transaction.creation") : <Hash value={recipient} />,
              },
              {
                title: text("transaction.result"),
                cell: ({ success }) => (
                  <span className={`badge ${success ? "good" : "bad"}`}>
                    {text(success ? "transaction.succeeded" : "transaction.failed")}
                  </span>
                ),
              },
            ]}
          />
        )}
      </Card>
    </div>
  );
}

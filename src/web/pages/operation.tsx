import { operation } from "../api/queries.ts";
import { useQuery } from "../api/use-query.ts";
import { AccountLink } from "../components/account-link.tsx";
import { Card, Facts } from "../components/card.tsx";
import { WholeHash } from "../components/hash.tsx";
import { PageHead } from "../components/page-head.tsx";
import { Loaded } from "../components/states.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { shorten } from "../format/hex.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";

const INTERVAL = 3000;

export function OperationPage({ hash }: { hash: string }) {
  const { text } = useTexts();
  const query = useQuery(`operation ${hash}`, (signal) => operation(hash, signal), { every: INTERVAL });
  return (
    <>
      <PageHead kicker={text("operation.title")} title={<span className="mono">{shorten(hash, 8)}</span>} />
      <Loaded query={query}>
        {(found) => (
          <Card title={text("operation.title")}>
            <div className="card-body">
              <Facts
                rows={[
                  [
                    text("operation.state"),
                    <StatusBadge key="state" status={found.success === false ? "failed" : found.state} />,
                  ],
                  [text("operation.sender"), <AccountLink key="sender" address={found.sender} />],
                  [
                    text("record.block"),
                    found.blockNumber !== null && (
                      <Link to={{ page: "block", number: String(found.blockNumber) }}>{found.blockNumber}</Link>
                    ),
                  ],
                  [text("operation.deadline"), found.deadline],
                  [
                    text("record.transaction"),
                    found.transactionHash !== null && (
                      <WholeHash value={found.transactionHash} what={text("record.transaction")} />
                    ),
                  ],
                  [text("operation.hash"), <WholeHash key="hash" value={found.hash} what={text("operation.hash")} />],
                ]}
              />
            </div>
          </Card>
        )}
      </Loaded>
    </>
  );
}

import { order } from "../api/queries.ts";
import type { Order } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { AccountLink } from "../components/account-link.tsx";
import { BlockLink } from "../components/block-link.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Hash, WholeHash } from "../components/hash.tsx";
import { Location } from "../components/location.tsx";
import { PageHead } from "../components/page-head.tsx";
import { Loaded } from "../components/states.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { useHead } from "../components/use-head.ts";
import { useTexts } from "../language/language-context.tsx";
import { FileComparison } from "../verify/file-comparison.tsx";
import { isExpired } from "./orders.tsx";

/** An authority's order and what became of it. */
export function OrderPage({ number }: { number: string }) {
  const { text } = useTexts();
  const head = useHead();
  const query = useQuery(`order ${number}`, (signal) => order(number, signal));
  return (
    <>
      <PageHead
        kicker={text("orders.title")}
        title={text("order.title", { number })}
        aside={query.data && <StatusBadge status={isExpired(query.data, head) ? "expired" : query.data.status} />}
      />
      <Loaded query={query}>{(found) => <OrderParts order={found} />}</Loaded>
    </>
  );
}

function OrderParts({ order }: { order: Order }) {
  const { text } = useTexts();
  const hash = (value: string | null, what: string) => value !== null && <WholeHash value={value} what={what} />;
  return (
    <div className="columns">
      <Card title={text("order.title", { number: order.id })}>
        <div className="card-body">
          <Facts
            rows={[
              [text("order.authority"), <AccountLink key="authority" address={order.authority} />],
              [text("order.subject"), order.subject !== null && <AccountLink address={order.subject} />],
              [text("order.executor"), <AccountLink key="executor" address={order.executor} />],
              [text("order.filed"), <BlockLink key="filed" number={order.filedBlock} />],
              [text("order.last-block"), order.lastBlock],
              [text("order.closed"), order.closedBlock !== null && <BlockLink number={order.closedBlock} />],
              [text("order.result"), hash(order.result, text("order.result"))],
              [text("order.document"), hash(order.document, text("order.document"))],
              [text("order.location"), order.location !== "" && <Location value={order.location} />],
              [text("order.target"), order.target !== null && <Hash value={order.target} />],
              [text("order.call"), hash(order.callDigest, text("order.call"))],
              [text("record.transaction"), hash(order.transactionHash, text("record.transaction"))],
            ]}
          />
        </div>
      </Card>
      <FileComparison title={text("agreement.check")} digest={order.document} algorithm="sha2-256" />
    </div>
  );
}

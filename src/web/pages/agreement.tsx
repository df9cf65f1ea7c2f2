import { agreement, status } from "../api/queries.ts";
import type { AgreementDetail } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { AccountLink } from "../components/account-link.tsx";
import { BlockLink } from "../components/block-link.tsx";
import { Card, Facts } from "../components/card.tsx";
import { WholeHash } from "../components/hash.tsx";
import { PageHead } from "../components/page-head.tsx";
import { Loaded } from "../components/states.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { ShareBar } from "../components/supply-bar.tsx";
import { Table } from "../components/table.tsx";
import { shorten } from "../format/hex.ts";
import { useTexts } from "../language/language-context.tsx";
import { FileComparison } from "../verify/file-comparison.tsx";

const INTERVAL = 6000;

/** A document that several parties sign, and who has. */
export function AgreementPage({ id }: { id: string }) {
  const { text } = useTexts();
  const query = useQuery(
    `agreement ${id}`,
    async (signal) => {
      const [found, { indexedHead }] = await Promise.all([agreement(id, signal), status(signal)]);
      // That time ran out is not told by an event: it follows from the block.
      const lapsed = found.status === "proposed" && indexedHead > found.lastBlock;
      return { ...found, lapsed };
    },
    { every: INTERVAL },
  );
  const state = query.data?.lapsed ? "lapsed" : query.data?.status;
  return (
    <>
      <PageHead
        kicker={text("agreement.title")}
        title={<span className="mono">{shorten(id, 8)}</span>}
        aside={state && <StatusBadge status={state} />}
      />
      <Loaded query={query}>{(found) => <AgreementParts agreement={found} open={state === "proposed"} />}</Loaded>
    </>
  );
}

function AgreementParts({ agreement, open }: { agreement: AgreementDetail; open: boolean }) {
  const { text } = useTexts();
  const { confirmations, parties } = agreement;
  const done = confirmations.filter(({ confirmed }) => confirmed).length;
  const hash = (value: string, what: string) => <WholeHash value={value} what={what} />;
  return (
    <div className="stack">
      <Card
        title={text("agreement.parties")}
        words={agreement.status === "effective" ? text("agreement.final") : open ? text("agreement.open") : undefined}
      >
        <div className="card-body bar-line">
          <ShareBar share={parties === 0 ? 0 : done / parties} />
          <p>{text("agreement.confirmed.count", { done, all: parties })}</p>
        </div>
        <Table
          caption={text("agreement.parties")}
          items={confirmations}
          keyOf={({ party }) => party}
          columns={[
            { title: text("agreement.party"), cell: ({ party }) => <AccountLink address={party} /> },
            {
              title: text("agreement.answer"),
              cell: ({ confirmed }) => (
                <span className={`badge ${confirmed ? "good" : ""}`}>
                  {text(confirmed ? "agreement.yes" : "agreement.no")}
                </span>
              ),
            },
          ]}
        />
      </Card>
      <div className="columns">
        <Card title={text("agreement.title")}>
          <div className="card-body">
            <Facts
              rows={[
                [text("agreement.proposer"), <AccountLink key="proposer" address={agreement.proposer} />],
                [text("agreement.proposed"), <BlockLink key="proposed" number={agreement.proposedBlock} />],
                [text("agreement.last-block"), agreement.lastBlock],
                [text("agreement.closed"), agreement.closedBlock && <BlockLink number={agreement.closedBlock} />],
                [text("agreement.document"), hash(agreement.digest, text("agreement.document"))],
                [text("agreement.id"), hash(agreement.id, text("agreement.id"))],
                [
                  text("record.transaction"),
                  agreement.transactionHash && hash(agreement.transactionHash, text("record.transaction")),
                ],
              ]}
            />
          </div>
        </Card>
        <FileComparison title={text("agreement.check")} digest={agreement.digest} />
      </div>
    </div>
  );
}

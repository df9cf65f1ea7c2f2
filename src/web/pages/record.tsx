import type { DigestAlgorithm } from "../../core/digest.ts";
import { certifications, record, records } from "../api/queries.ts";
import type { EvidenceRecord } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { AccountLink, CertifierLink } from "../components/account-link.tsx";
import { Card, Facts } from "../components/card.tsx";
import { ObjectOfRecord } from "../components/object-of-record.tsx";
import { PageHead } from "../components/page-head.tsx";
import { RecordFacts } from "../components/record-facts.tsx";
import { RecordTable } from "../components/record-table.tsx";
import { SealsCard } from "../components/seals-card.tsx";
import { Loaded } from "../components/states.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { Day, Time } from "../components/times.tsx";
import { useLevelName } from "../components/use-level-name.ts";
import { shorten } from "../format/hex.ts";
import { useTexts } from "../language/language-context.tsx";
import { FileComparison } from "../verify/file-comparison.tsx";
import { TakeAwayParts } from "../verify/take-away.tsx";
import { certificationInForce } from "../verify/verdict.ts";

export function RecordPage({ id }: { id: string }) {
  const { text } = useTexts();
  const query = useQuery(`record ${id}`, (signal) => record(id, signal));
  return (
    <>
      <PageHead
        kicker={text("record.title")}
        title={<span className="mono">{shorten(id, 8)}</span>}
        aside={query.data && <StatusBadge status={query.data.status} />}
        words={
          query.data && (
            <>
              <Time value={query.data.recordedAt} zone /> · <AccountLink address={query.data.owner} />
            </>
          )
        }
      />
      <Loaded query={query}>{(found) => <RecordParts key={found.id} record={found} />}</Loaded>
    </>
  );
}

function RecordParts({ record }: { record: EvidenceRecord }) {
  const { text } = useTexts();
  return (
    <div className="stack">
      <Card title={text("record.content")}>
        <div className="card-body">
          <RecordFacts record={record} />
        </div>
      </Card>
      <ObjectOfRecord record={record} />
      <div className="columns">
        <Certified record={record} />
        <FileComparison
          title={text("record.check")}
          digest={record.digest}
          algorithm={record.algorithm as DigestAlgorithm}
        />
      </div>
      <div className="columns">
        <SealsCard block={record.blockNumber} />
        <Card title={text("take.title")}>
          <div className="card-body">
            <TakeAwayParts id={record.id} />
          </div>
        </Card>
      </div>
      <SameContent record={record} />
    </div>
  );
}

/** Who vouched for the owner when the record was made. */
function Certified({ record: { owner, blockNumber, recordedAt } }: { record: EvidenceRecord }) {
  const { text } = useTexts();
  const levelName = useLevelName();
  const query = useQuery(`certified ${owner} ${blockNumber}`, async (signal) => {
    const { items } = await certifications(owner, blockNumber, signal);
    return { found: certificationInForce(items, { blockNumber, time: recordedAt }) };
  });
  return (
    <Card title={text("record.certification")}>
      <Loaded query={query}>
        {({ found }) => (
          <div className="card-body">
            {found ? (
              <Facts
                rows={[
                  [text("certification.certifier"), <CertifierLink key="certifier" address={found.certifier} />],
                  [text("certification.level"), levelName(found.level)],
                  [text("certification.issued"), <Day key="issued" value={found.issuedAt} />],
                  [text("certification.expires"), <Day key="expires" value={found.expiresAt} />],
                ]}
              />
            ) : (
              <p className="note warn">{text("verdict.uncertified")}</p>
            )}
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function SameContent({ record: { id, digest } }: { record: EvidenceRecord }) {
  const { text } = useTexts();
  const query = useQuery(`same ${digest}`, (signal) => records({ digest, limit: 20 }, signal));
  const others = query.data?.items.filter((other) => other.id !== id) ?? [];
  if (others.length === 0) return null;
  return (
    <Card title={text("record.other")}>
      <RecordTable records={others} />
    </Card>
  );
}

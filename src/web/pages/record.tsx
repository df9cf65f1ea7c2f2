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
import { Failure, Loaded } from "../components/states.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { Day, Time } from "../components/times.tsx";
import { useLevelName } from "../components/use-level-name.ts";
import { shorten } from "../format/hex.ts";
import { useTexts } from "../language/language-context.tsx";
import { digestFile } from "../verify/digest-file.ts";
import { DropZone } from "../verify/drop-zone.tsx";
import { FileProgress } from "../verify/file-progress.tsx";
import { useFileChecks } from "../verify/use-file-checks.ts";
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
        <FileComparison record={record} />
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

/** Compares the visitor's files with the record. */
function FileComparison({ record }: { record: EvidenceRecord }) {
  const { text } = useTexts();
  const algorithm = record.algorithm as DigestAlgorithm;
  const { files, add } = useFileChecks(async (file, signal, onStage) => {
    const onProgress = (done: number, total: number) => onStage("reading", done, total);
    const { digests, events } = await digestFile({ file, algorithms: [algorithm] }, { signal, onProgress });
    const match = [digests[algorithm], ...events.map(({ digest }) => digest)].includes(record.digest);
    return { match };
  });
  return (
    <Card title={text("record.check")}>
      <div className="card-body stack">
        <DropZone title={text("verify.drop")} words={text("record.check.words")} onFiles={add} slim />
        {files.map((check) => {
          if (check.error) return <Failure key={check.id} error={check.error} />;
          if (!check.result) return <FileProgress key={check.id} check={check} />;
          const { match } = check.result;
          return (
            <p key={check.id} className={match ? "note good" : "note bad"} role="status">
              {text(match ? "record.match" : "record.mismatch", { name: check.name })}
            </p>
          );
        })}
      </div>
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

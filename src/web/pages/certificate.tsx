import { certifications, record, seals, status, timestampTokens } from "../api/queries.ts";
import type { Certification, EvidenceRecord, Seals, Status, TimestampToken } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { CertifierLink } from "../components/account-link.tsx";
import { Facts } from "../components/card.tsx";
import { PageHead } from "../components/page-head.tsx";
import { QrCode } from "../components/qr-code.tsx";
import { RecordFacts } from "../components/record-facts.tsx";
import { useSealWords } from "../components/seals-card.tsx";
import { Loaded } from "../components/states.tsx";
import { Time } from "../components/times.tsx";
import { useLevelName } from "../components/use-level-name.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { certificationInForce } from "../verify/verdict.ts";

interface Sheet {
  readonly record: EvidenceRecord;
  readonly certification: Certification | undefined;
  readonly seals: Seals;
  readonly tokens: readonly TimestampToken[];
  readonly status: Status;
}

/**
 * A sheet about one record, to be printed or saved as PDF by the browser: it has the fonts for every name, Chinese ones
 * too, puts them into the PDF as text that can be searched and copied, and needs no font of many megabytes from here.
 */
export function CertificatePage({ id }: { id: string }) {
  const { text } = useTexts();
  const query = useQuery(`certificate ${id}`, (signal) => loadSheet(id, signal));
  return (
    <article className="certificate">
      <PageHead kicker={text("site.name")} title={text("certificate.title")} words={text("certificate.words")} />
      <p className="actions no-print">
        <button type="button" className="button" disabled={query.data === undefined} onClick={() => window.print()}>
          {text("certificate.print")}
        </button>
        <Link className="button quiet" to={{ page: "record", id }}>
          {text("certificate.back")}
        </Link>
      </p>
      <Loaded query={query}>{(sheet) => <SheetParts {...sheet} />}</Loaded>
    </article>
  );
}

function SheetParts({ record, certification, seals, tokens, status }: Sheet) {
  const { text, rich } = useTexts();
  const levelName = useLevelName();
  const sealWords = useSealWords();
  return (
    <div className="card">
      <div className="card-body certificate-sheet">
        <RecordFacts record={record} />
        <Facts
          rows={[
            [
              text("record.certification"),
              certification ? (
                <span key="certified">
                  <CertifierLink address={certification.certifier} /> · {levelName(certification.level)}
                </span>
              ) : (
                text("verdict.uncertified")
              ),
            ],
            [text("seals.title"), sealWords(seals)],
            ...tokens.map(
              (token, index) =>
                [
                  text("certificate.token", { number: index + 1 }),
                  rich("statement.tokens", { time: <Time value={token.statedAt} zone /> }),
                ] as const,
            ),
          ]}
        />
        <QrCode to={{ page: "record", id: record.id }} />
        <p className="small">{text("certificate.check")}</p>
        <p className="small soft">
          {rich("certificate.made", {
            time: <Time value={new Date().toISOString()} zone />,
            block: status.indexedHead,
            chain: status.chainId,
          })}
        </p>
        <p className="small soft">{text("footer.words")}</p>
      </div>
    </div>
  );
}

async function loadSheet(id: string, signal: AbortSignal): Promise<Sheet> {
  const found = await record(id, signal);
  const { owner, blockNumber, recordedAt } = found;
  const [certified, sealed, tokens, now] = await Promise.all([
    certifications(owner, blockNumber, signal),
    seals(blockNumber, signal),
    timestampTokens(id, signal),
    status(signal),
  ]);
  const certification = certificationInForce(certified.items, { blockNumber, time: recordedAt });
  return { record: found, certification, seals: sealed, tokens: tokens.items, status: now };
}

import type { ReactNode } from "react";
import { AccountLink, CertifierLink } from "../components/account-link.tsx";
import { usePartnerName } from "../components/partner-names.tsx";
import { RecordFacts } from "../components/record-facts.tsx";
import { RecordTable } from "../components/record-table.tsx";
import { Time } from "../components/times.tsx";
import { useLevelName } from "../components/use-level-name.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import type { FileDigests } from "./digest-job.ts";
import { DigestList } from "./digest-list.tsx";
import type { LookedUp } from "./lookup.ts";
import { Statements } from "./statements.tsx";
import { TakeAway } from "./take-away.tsx";
import type { Outcome } from "./verdict.ts";

const TONES: Record<Outcome, "good" | "warn" | "bad"> = {
  recorded: "good",
  superseded: "warn",
  revoked: "bad",
  absent: "warn",
};

interface VerdictCardProps {
  /** What was checked: the file's name and size, or the digest. */
  readonly subject: ReactNode;
  readonly verdict: LookedUp;
  readonly digests: FileDigests | undefined;
  readonly children?: ReactNode;
}

/** What is on record for a file or digest, in words that need no knowledge of the platform; details unfold. */
export function VerdictCard({ subject, verdict, digests, children }: VerdictCardProps) {
  const { text, rich, counted } = useTexts();
  const { outcome, record, others } = verdict;
  const tone = TONES[outcome];
  return (
    <section className={`card verdict ${tone}`} data-outcome={outcome} aria-label={text(`verdict.${outcome}`)}>
      <div className="verdict-head">
        <OutcomeMark outcome={outcome} />
        <p className="soft small">{subject}</p>
        <h2>{text(`verdict.${outcome}`)}</h2>
        {record ? (
          <div>
            <p>
              {rich(`verdict.${outcome === "absent" ? "recorded" : outcome}.words`, {
                time: <Time value={record.recordedAt} zone />,
                owner: <AccountLink address={record.owner} plain />,
              })}
            </p>
          </div>
        ) : (
          <p>{text("verdict.absent.words")}</p>
        )}
      </div>
      <div className="verdict-body">
        {record && (
          <>
            <Statements
              key={record.id}
              record={record}
              digested={digests !== undefined}
              certified={<CertifiedWords verdict={verdict} />}
              isCertified={verdict.certification !== undefined}
            />
            <p>
              <Link to={{ page: "record", id: record.id }}>{text("verdict.see-record")}</Link>
            </p>
            <TakeAway id={record.id} />
          </>
        )}
        {children}
        <details open={outcome === "absent"}>
          <summary>{text("verdict.meaning")}</summary>
          <p className="small soft">
            {record
              ? rich("verdict.meaning.recorded", { owner: <AccountLink address={record.owner} plain /> })
              : text("verdict.meaning.absent")}
          </p>
        </details>
        {record && (
          <details>
            <summary>{text("verdict.details")}</summary>
            <RecordFacts record={record} />
          </details>
        )}
        {digests && (
          <details>
            <summary>{text("verdict.digests")}</summary>
            <DigestList digests={digests} />
          </details>
        )}
        {others.length > 0 && (
          <details>
            <summary>{counted("verdict.others", others.length)}</summary>
            <RecordTable records={others} />
          </details>
        )}
      </div>
    </section>
  );
}

function CertifiedWords({ verdict: { record, certification } }: { verdict: LookedUp }) {
  const { text, rich } = useTexts();
  const levelName = useLevelName();
  const isPartner = usePartnerName()(record?.owner ?? "") !== undefined;
  if (!certification) return text("verdict.uncertified");
  return rich(isPartner ? "verdict.certified.self" : "verdict.certified", {
    partner: <CertifierLink address={certification.certifier} />,
    level: levelName(certification.level),
  });
}

function OutcomeMark({ outcome }: { outcome: Outcome }) {
  return (
    <svg viewBox="0 0 48 48" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" aria-hidden="true">
      <circle cx="24" cy="24" r="20" />
      {outcome === "recorded" && <path d="m15 25 6.5 6.5L34 18" strokeLinejoin="round" />}
      {outcome === "revoked" && <path d="m17 17 14 14M31 17 17 31" />}
      {outcome === "superseded" && <path d="M15 24h18m-7-7 7 7-7 7" strokeLinejoin="round" />}
      {outcome === "absent" && <path d="M18.5 19a5.5 5.5 0 1 1 8 5c-1.7.9-2.5 2-2.5 4m0 6v.1" />}
    </svg>
  );
}

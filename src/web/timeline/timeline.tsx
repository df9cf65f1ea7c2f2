import type { TimelineLink } from "../api/types.ts";
import { AccountLink } from "../components/account-link.tsx";
import { Hash } from "../components/hash.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { Time } from "../components/times.tsx";
import { useTexts } from "../language/language-context.tsx";
import type { LinkFault } from "./check-links.ts";

interface TimelineProps {
  readonly links: readonly TimelineLink[];
  readonly faults: ReadonlyMap<number, readonly LinkFault[]>;
  /** Names of the visitor's files by the digest they have. */
  readonly matches: ReadonlyMap<string, string>;
}

/** Chained records as a vertical line, oldest first. */
export function Timeline({ links, faults, matches }: TimelineProps) {
  return (
    <ol className="timeline">
      {links.map((link, index) => {
        const next = links[index + 1];
        const breaks = next !== undefined && faults.get(next.position)?.some((fault) => fault !== "digest");
        return (
          <li key={link.position} className={breaks ? "broken" : undefined}>
            <LinkNode link={link} faults={faults.get(link.position) ?? []} match={matches.get(link.digest)} />
          </li>
        );
      })}
    </ol>
  );
}

interface LinkNodeProps {
  readonly link: TimelineLink;
  readonly faults: readonly LinkFault[];
  readonly match: string | undefined;
}

function LinkNode({ link, faults, match }: LinkNodeProps) {
  const { text } = useTexts();
  const { record, position, previous, digest } = link;
  const number = position + 1;
  return (
    <>
      <span className={`node ${toneOf(link, faults, match)}`} aria-hidden="true">
        {number}
      </span>
      <div className="link-card">
        <h3 className="link-line">
          <span className="visually-hidden">{text("object.link", { number })}</span>
          <AccountLink address={record.owner} />
          {record.status !== "valid" && <StatusBadge status={record.status} />}
          {record.kind !== 0 && (
            <span className="soft small">
              {text("record.kind")} {record.kind}
            </span>
          )}
        </h3>
        <Time value={record.recordedAt} />
        {match !== undefined && <span className="badge good">{text("object.match", { name: match })}</span>}
        {faults.length > 0 && (
          <ul className="faults">
            {faults.map((fault) => (
              <li key={fault}>{text(`fault.${fault}`)}</li>
            ))}
          </ul>
        )}
        <dl className="digest-pair">
          <div>
            <dt>{text("record.digest")}</dt>
            <dd>
              <Hash value={digest} to={{ page: "record", id: record.id }} />
            </dd>
          </div>
          <div>
            <dt>{text("object.previous")}</dt>
            <dd>
              {previous === null ? <span className="soft">{text("object.first")}</span> : <Hash value={previous} />}
            </dd>
          </div>
        </dl>
      </div>
    </>
  );
}

function toneOf({ record }: TimelineLink, faults: readonly LinkFault[], match: string | undefined): string {
  if (faults.length > 0 || record.status === "revoked") return "bad";
  if (match !== undefined) return "match";
  return record.status === "superseded" ? "warn" : "";
}

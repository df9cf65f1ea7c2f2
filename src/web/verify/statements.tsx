import type { ReactNode } from "react";
import { object, seals, status, timestampTokens } from "../api/queries.ts";
import type { EvidenceRecord } from "../api/types.ts";
import { type Query, useQuery } from "../api/use-query.ts";
import { AccountLink } from "../components/account-link.tsx";
import { BlockLink } from "../components/block-link.tsx";
import { WholeHash } from "../components/hash.tsx";
import { useSealWords } from "../components/seals-card.tsx";
import { Time } from "../components/times.tsx";
import { algorithmName } from "../format/algorithm.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { checkLinks } from "../timeline/check-links.ts";
import { loadLinks } from "../timeline/load-links.ts";
import { Statement } from "./statement.tsx";

interface StatementsProps {
  readonly record: EvidenceRecord;
  /** Whether the digest was worked out from a file here; false: the visitor gave it. */
  readonly digested: boolean;
  /** Who vouched for the owner, in words. */
  readonly certified: ReactNode;
  readonly isCertified: boolean;
}

/** What is proven about a record, one sentence each, with what it rests on. */
export function Statements({ record, digested, certified, isCertified }: StatementsProps) {
  const { text, rich } = useTexts();
  const algorithm = algorithmName(record.algorithm);
  return (
    <section aria-label={text("statements.title")}>
      <h3>{text("statements.title")}</h3>
      <ul className="statements">
        <Statement
          tone={digested ? "good" : "open"}
          title={text("statement.digest")}
          words={digested ? text("statement.digest.words", { algorithm }) : text("statement.digest.given")}
        >
          <WholeHash value={record.digest} what={text("record.digest")} />
        </Statement>
        <Statement
          tone={isCertified ? "good" : "warn"}
          title={rich("statement.owner", { owner: <AccountLink address={record.owner} plain /> })}
          words={certified}
        >
          <WholeHash value={record.transactionHash} what={text("record.transaction")} />
        </Statement>
        <TimeStatement record={record} />
        <StandingStatement record={record} />
        {record.subject !== null && <ChainStatement record={record} subject={record.subject} />}
        <SealStatement block={record.blockNumber} />
      </ul>
    </section>
  );
}

function TimeStatement({ record: { id, recordedAt, blockNumber } }: { record: EvidenceRecord }) {
  const { text, rich } = useTexts();
  const { data } = useQuery(`tokens ${id}`, (signal) => timestampTokens(id, signal));
  return (
    <Statement
      tone="good"
      title={rich("statement.time", {
        time: <Time value={recordedAt} zone />,
        block: <BlockLink number={blockNumber} />,
      })}
      words={text("statement.time.words")}
    >
      {data && data.items.length === 0 && <p>{text("statement.tokens.none")}</p>}
      {data?.items.map((token) => (
        <p key={token.tokenDigest}>
          {rich("statement.tokens", { time: <Time value={token.statedAt} zone /> })}{" "}
          <WholeHash value={token.tokenDigest} what={text("record.digest")} />
        </p>
      ))}
    </Statement>
  );
}

function StandingStatement({ record }: { record: EvidenceRecord }) {
  const { text } = useTexts();
  const { data } = useQuery("statement status", (signal) => status(signal));
  if (record.status === "valid") {
    const words = data && text("statement.unchanged.words", { block: data.indexedHead });
    return <Statement tone="good" title={text("statement.unchanged")} words={words} />;
  }
  const newer = record.supersededBy;
  return (
    <Statement
      tone={record.status === "revoked" ? "bad" : "warn"}
      title={text(`statement.${record.status}`)}
      words={text(`statement.${record.status}.words`)}
    >
      {newer !== null && (
        <WholeHash value={newer} what={text("record.superseded-by")} to={{ page: "record", id: newer }} />
      )}
      {record.reason !== null && <WholeHash value={record.reason} what={text("record.reason")} />}
    </Statement>
  );
}

/** What a record is about may be anything; only where it is an object there is a chain. */
function ChainStatement({ record, subject }: { record: EvidenceRecord; subject: string }) {
  const { text } = useTexts();
  const query = useQuery(`chain of ${subject}`, async (signal) => {
    const [found, links] = await Promise.all([object(subject, signal), loadLinks(subject, signal)]);
    const { links: faults, object: whole } = checkLinks(found, links);
    const position = links.find((link) => link.record.id === record.id)?.position;
    return { count: links.length, sound: faults.size === 0 && whole.length === 0, position };
  });
  if (!query.data || query.data.position === undefined) return null;
  const { sound, count, position } = query.data;
  const name = sound ? "statement.chain" : "statement.chain.faulty";
  return (
    <Statement
      tone={sound ? "good" : "bad"}
      title={text(name)}
      words={
        <>
          {text(`${name}.words`, { number: position + 1, count })}{" "}
          <Link to={{ page: "object", id: subject }}>{text("verdict.see-timeline")}</Link>
        </>
      }
    />
  );
}

function SealStatement({ block }: { block: number }) {
  const { text } = useTexts();
  const words = useSealWords();
  const query: Query<Awaited<ReturnType<typeof seals>>> = useQuery(`seals ${block}`, (signal) => seals(block, signal));
  if (!query.data) return null;
  const { state } = query.data;
  if (state === "unknown") return <Statement tone="open" title={text("statement.seals.unknown")} />;
  if (state === "unsealed") {
    return <Statement tone="warn" title={text("statement.unsealed")} words={text("statement.unsealed.words")} />;
  }
  return (
    <Statement
      tone={state === "sealed" ? "good" : "bad"}
      title={state === "sealed" ? text("statement.sealed") : words(query.data)}
      words={words(query.data)}
    >
      <p>
        {text("seals.words")} <BlockLink number={block} />
      </p>
    </Statement>
  );
}

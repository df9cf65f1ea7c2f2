import { type ReactNode, useState } from "react";
import type { Claim } from "../../core/bundle/bundle.ts";
import { BUNDLE_REASONS } from "../../core/bundle/reasons.ts";
import type { Statement as BundleStatement, StatementState, VerdictState } from "../../core/bundle/verdict.ts";
import { DIGEST_ALGORITHMS, type DigestAlgorithm, digestAlgorithmOf } from "../../core/digest.ts";
import { BropError } from "../../core/errors.ts";
import { useQuery } from "../api/use-query.ts";
import { Facts } from "../components/card.tsx";
import { Hash, WholeHash } from "../components/hash.tsx";
import { Failure, Loaded } from "../components/states.tsx";
import { Time } from "../components/times.tsx";
import { useTexts } from "../language/language-context.tsx";
import { digestFile } from "../verify/digest-file.ts";
import { DropZone } from "../verify/drop-zone.tsx";
import { Statement, type StatementTone } from "../verify/statement.tsx";
import { type CheckedBundle, checkBundle, type TrustFile } from "./check-bundle.ts";

interface BundleReportProps {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly trust: TrustFile | undefined;
}

interface Data {
  readonly name: string;
  readonly digest: string;
}

const TONES: Record<VerdictState, StatementTone> = { proven: "good", unsealed: "warn", missing: "open", failed: "bad" };

/** What a proof bundle proves, worked out on this device alone. */
export function BundleReport({ name, bytes, trust }: BundleReportProps) {
  const [data, setData] = useState<Data>();
  const query = useQuery(`bundle ${trust?.id} ${data?.digest}`, () => checkBundle(bytes, trust, data?.digest));
  return (
    <Loaded query={query}>{(checked) => <Report name={name} checked={checked} data={data} onData={setData} />}</Loaded>
  );
}

interface ReportProps {
  readonly name: string;
  readonly checked: CheckedBundle;
  readonly data: Data | undefined;
  readonly onData: (data: Data) => void;
}

function Report({ name, checked: { verdict, claim, start }, data, onData }: ReportProps) {
  const { text } = useTexts();
  const tone = TONES[verdict.state];
  const ended = endOf(verdict.statements);
  const known = start.file ?? (start.trust && text("bundle.trust.site"));
  return (
    <section
      className={`card verdict ${tone}`}
      data-outcome={verdict.state}
      aria-label={text(`bundle.${verdict.state}`)}
    >
      <div className="verdict-head bundle-head">
        <p className="soft small">
          {text("bundle.title")} · {name}
        </p>
        <h2>{text(`bundle.${verdict.state}`)}</h2>
        <p>{verdict.reason === undefined ? text("bundle.words") : <Reason reason={verdict.reason} />}</p>
        {ended && <p className="note bad">{text(`statement.${ended}`)}</p>}
      </div>
      <div className="verdict-body">
        {claim && <ClaimFacts claim={claim} statements={verdict.statements} />}
        <section aria-label={text("statements.title")}>
          <h3>{text("statements.title")}</h3>
          <ul className="statements">
            {verdict.statements.map((statement, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a verdict's statements never move, and stamps share a name
              <StatementLine key={`${statement.name} ${index}`} statement={statement} />
            ))}
          </ul>
        </section>
        <p className="small soft">
          {known === undefined ? text("bundle.trust.none") : text("bundle.trust", { what: known })}{" "}
          {start.file === undefined && text("bundle.trust.own")}{" "}
          {verdict.asOf !== undefined && text("bundle.as-of", { block: verdict.asOf })}
        </p>
        {claim && "record" in claim && <FileOfBundle algorithm={claim.record.algorithm} data={data} onData={onData} />}
      </div>
    </section>
  );
}

/** How a record ended, where that is proven: everything holds then, and yet it no longer stands. */
function endOf(statements: readonly BundleStatement[]): "revoked" | "superseded" | undefined {
  const status = statements.find(({ name, state }) => name === "status" && state !== "failed")?.facts.status;
  return status === "revoked" || status === "superseded" ? status : undefined;
}

function ClaimFacts({ claim, statements }: { claim: Claim; statements: readonly BundleStatement[] }) {
  const { text } = useTexts();
  const event = statements.find((one) => one.name === "event")?.facts ?? {};
  const isRecord = "record" in claim;
  const hash = (value: string, what: string): ReactNode => <WholeHash value={value} what={what} />;
  return (
    <Facts
      rows={[
        [text("bundle.claims"), text(`bundle.claim.${claim.kind}`)],
        [text("record.owner"), isRecord && <Hash value={claim.owner} digits={10} />],
        [text("record.digest"), isRecord && hash(claim.record.digest, text("record.digest"))],
        [text("bundle.address"), claim.kind === "event" && <Hash value={claim.address} digits={10} />],
        [text("record.block"), claim.kind === "block" ? claim.block : claim.at.block],
        [
          text("block.time"),
          typeof event.timestamp === "number" && <Time value={new Date(event.timestamp * 1000).toISOString()} zone />,
        ],
      ]}
    />
  );
}

function StatementLine({ statement: { name, state, reason, detail, facts } }: { statement: BundleStatement }) {
  const { text } = useTexts();
  const shown = Object.keys(facts).length > 0;
  return (
    <Statement
      tone={TONES[state]}
      title={text(`bundle.says.${name}`)}
      words={
        state === "proven" ? (
          <StandsAsOf name={name} facts={facts} />
        ) : (
          <>
            {text(`state.${state satisfies StatementState}`)}
            {reason !== undefined && (
              <>
                : <Reason reason={reason} />
              </>
            )}
          </>
        )
      }
    >
      {detail !== undefined && <p>{detail}</p>}
      {shown && <pre className="facts-text">{JSON.stringify(facts, null, 1)}</pre>}
    </Statement>
  );
}

/** That a statement about the record's standing is proven says nothing yet: it may be that it was revoked. */
function StandsAsOf({ name, facts }: Pick<BundleStatement, "name" | "facts">) {
  const { text } = useTexts();
  if (name !== "status") return null;
  const { status, block } = facts as { status?: unknown; block?: unknown };
  const isKnown = status === "valid" || status === "revoked" || status === "superseded";
  return isKnown ? `${text(`status.${status}`)} · ${text("bundle.as-of", { block: Number(block) })}` : null;
}

function Reason({ reason }: { reason: NonNullable<BundleStatement["reason"]> }) {
  const { language } = useTexts();
  return BUNDLE_REASONS[reason][language];
}

/** Compares the data that the bundle is about. */
function FileOfBundle({
  algorithm: code,
  data,
  onData,
}: {
  algorithm: number;
  data: Data | undefined;
  onData: (data: Data) => void;
}) {
  const { text } = useTexts();
  const [problem, setProblem] = useState<unknown>();
  const algorithm = digestAlgorithmOf(code);
  if (algorithm === undefined || !isDigestible(algorithm)) return null;
  const take = async ([file]: readonly File[]) => {
    if (file === undefined) return;
    setProblem(undefined);
    try {
      const options = { signal: new AbortController().signal, onProgress: () => undefined };
      const { digests } = await digestFile({ file, algorithms: [algorithm] }, options);
      onData({ name: file.name, digest: digests[algorithm] ?? "" });
    } catch (thrown) {
      setProblem(thrown);
    }
  };
  return (
    <>
      {problem !== undefined && <Failure error={BropError.from(problem)} />}
      <DropZone title={text("record.check")} words={data?.name ?? text("bundle.file")} onFiles={take} slim />
    </>
  );
}

function isDigestible(name: string): name is DigestAlgorithm {
  return Object.hasOwn(DIGEST_ALGORITHMS, name);
}

import { useQuery } from "../api/use-query.ts";
import { Card } from "../components/card.tsx";
import { Hash } from "../components/hash.tsx";
import { PageHead } from "../components/page-head.tsx";
import { Empty, Failure, Loaded } from "../components/states.tsx";
import { formatBytes } from "../format/bytes.ts";
import { parseDigest } from "../format/hex.ts";
import { TAGS } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";
import { useNavigation } from "../routing/navigation.tsx";
import { DropZone } from "../verify/drop-zone.tsx";
import { EventVerdicts } from "../verify/event-verdicts.tsx";
import { FileProgress } from "../verify/file-progress.tsx";
import { type FileVerdict, lookUp } from "../verify/lookup.ts";
import type { FileCheck } from "../verify/use-file-checks.ts";
import { VerdictCard } from "../verify/verdict-card.tsx";
import { useVerification } from "../verify/verification.tsx";

/** Verdicts on the visitor's files, or on a digest named in the address. */
export function VerifyPage({ digest }: { digest: string | undefined }) {
  const { text } = useTexts();
  const { files, add, cancel, clear } = useVerification();
  const { go } = useNavigation();
  const check = (added: readonly File[]) => {
    add(added);
    if (digest !== undefined) go({ page: "verify" });
  };
  const started = digest !== undefined || files.length > 0;
  return (
    <>
      <PageHead title={text("verify.title")} words={text("verify.words")} />
      <div className="stack">
        {digest === undefined ? (
          [...files].reverse().map((file) => <FileReport key={file.id} check={file} cancel={cancel} />)
        ) : (
          <DigestReport digest={digest} />
        )}
        <DropZone title={text("verify.drop")} words={text("verify.drop.words")} onFiles={check} slim={started}>
          {files.length > 0 && (
            <button type="button" className="copy" onClick={clear}>
              {text("verify.clear")}
            </button>
          )}
        </DropZone>
      </div>
    </>
  );
}

function FileReport({ check, cancel }: { check: FileCheck<FileVerdict>; cancel: (id: number) => void }) {
  const { language } = useTexts();
  const { result, error, name, size } = check;
  if (error) {
    return (
      <Card title={name}>
        <Failure error={error} />
      </Card>
    );
  }
  if (!result) {
    return (
      <div className="card">
        <FileProgress check={check} cancel={cancel} />
      </div>
    );
  }
  const subject = `${name} · ${formatBytes(size, TAGS[language])}`;
  // An export whose events are on record is itself only their envelope.
  if (result.events.length > 0 && !result.record) {
    return <EventVerdicts subject={subject} events={result.events} />;
  }
  return (
    <VerdictCard subject={subject} verdict={result} digests={result.digests}>
      {result.events.length > 0 && <EventVerdicts subject={subject} events={result.events} />}
    </VerdictCard>
  );
}

function DigestReport({ digest }: { digest: string }) {
  const { text } = useTexts();
  const parsed = parseDigest(digest);
  if (parsed === undefined) {
    return (
      <div className="card">
        <Empty title={text("verify.digest-invalid")} words={text("verify.digest-invalid.words")} />
      </div>
    );
  }
  return <KnownDigestReport digest={parsed} />;
}

function KnownDigestReport({ digest }: { digest: string }) {
  const { text } = useTexts();
  const query = useQuery(`verdict ${digest}`, (signal) => lookUp(digest, signal));
  const subject = (
    <>
      {text("verify.this-digest")} <Hash value={digest} />
    </>
  );
  return (
    <Loaded query={query}>
      {(verdict) => <VerdictCard subject={subject} verdict={verdict} digests={undefined} />}
    </Loaded>
  );
}

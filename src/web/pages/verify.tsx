import { Suspense, useEffect, useState } from "react";
import { useQuery } from "../api/use-query.ts";
import type { TrustFile } from "../bundle/check-bundle.ts";
import { Card } from "../components/card.tsx";
import { Hash } from "../components/hash.tsx";
import { lazyPage } from "../components/lazy-page.tsx";
import { PageHead } from "../components/page-head.tsx";
import { Empty, Failure, Loaded, Loading } from "../components/states.tsx";
import { formatBytes } from "../format/bytes.ts";
import { parseDigest } from "../format/hex.ts";
import { TAGS } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";
import { useNavigation } from "../routing/navigation.tsx";
import type { FileResult } from "../verify/check-file.ts";
import { prepareDigest } from "../verify/digest-file.ts";
import { DropZone } from "../verify/drop-zone.tsx";
import { EventVerdicts } from "../verify/event-verdicts.tsx";
import { FileProgress } from "../verify/file-progress.tsx";
import { type FileVerdict, lookUp } from "../verify/lookup.ts";
import type { FileCheck } from "../verify/use-file-checks.ts";
import { VerdictCard } from "../verify/verdict-card.tsx";
import { useVerification } from "../verify/verification.tsx";

// Bundles can be checked after the network is gone: all that it takes is loaded with the page.
const loadReport = () => import("../bundle/bundle-report.tsx");
const BundleReport = lazyPage(async () => (await loadReport()).BundleReport);
const TrustReport = lazyPage(async () => (await import("../bundle/trust-report.tsx")).TrustReport);

/** Verdicts on the visitor's files, or on a digest named in the address. */
export function VerifyPage({ digest }: { digest: string | undefined }) {
  const { text } = useTexts();
  const { files, add, cancel, clear } = useVerification();
  const { go } = useNavigation();
  const ready = useOfflineReady();
  const check = (added: readonly File[]) => {
    add(added);
    if (digest !== undefined) go({ page: "verify" });
  };
  const started = digest !== undefined || files.length > 0;
  const trust = trustOf(files);
  return (
    <>
      <PageHead title={text("verify.title")} words={text("verify.words")} />
      <div className="stack">
        {digest === undefined ? (
          [...files].reverse().map((file) => <FileReport key={file.id} check={file} cancel={cancel} trust={trust} />)
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
        <p className="small soft">
          {text("verify.bundle.hint")} {ready && text("verify.offline")}
        </p>
      </div>
    </>
  );
}

/** True when bundles can be checked without a network from here on. */
function useOfflineReady(): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let shown = true;
    prepareDigest();
    const parts = [loadReport(), import("../bundle/trust-report.tsx"), prepareTrust()];
    Promise.all(parts).then(
      () => shown && setReady(true),
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, []);
  return ready;
}

async function prepareTrust(): Promise<void> {
  await (await import("../bundle/site-trust.ts")).siteTrust();
}

/** The start of trust that was given last. */
function trustOf(files: readonly FileCheck<FileResult>[]): TrustFile | undefined {
  for (const { id, name, result } of [...files].reverse()) {
    if (result?.kind === "trust") return { id, name, description: result.description };
  }
  return undefined;
}

interface FileReportProps {
  readonly check: FileCheck<FileResult>;
  readonly cancel: (id: number) => void;
  readonly trust: TrustFile | undefined;
}

function FileReport({ check, cancel, trust }: FileReportProps) {
  const { result, error, name } = check;
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
  if (result.kind === "data") return <DataReport check={check} verdict={result.verdict} />;
  return (
    <Suspense fallback={<Loading />}>
      {result.kind === "bundle" ? (
        <BundleReport name={name} bytes={result.bytes} trust={trust} />
      ) : (
        <TrustReport trust={{ id: check.id, name, description: result.description }} />
      )}
    </Suspense>
  );
}

function DataReport({ check: { name, size }, verdict }: { check: FileCheck<FileResult>; verdict: FileVerdict }) {
  const { language } = useTexts();
  const subject = `${name} · ${formatBytes(size, TAGS[language])}`;
  // An export whose events are on record is itself only their envelope.
  if (verdict.events.length > 0 && !verdict.record) {
    return <EventVerdicts subject={subject} events={verdict.events} />;
  }
  return (
    <VerdictCard subject={subject} verdict={verdict} digests={verdict.digests}>
      {verdict.events.length > 0 && <EventVerdicts subject={subject} events={verdict.events} />}
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

import { DIGEST_ALGORITHMS, type DigestAlgorithm } from "../../core/digest.ts";
import { Card } from "../components/card.tsx";
import { Failure } from "../components/states.tsx";
import { useTexts } from "../language/language-context.tsx";
import { digestFile } from "./digest-file.ts";
import { DropZone } from "./drop-zone.tsx";
import { FileProgress } from "./file-progress.tsx";
import { useFileChecks } from "./use-file-checks.ts";

const ALL = Object.keys(DIGEST_ALGORITHMS) as DigestAlgorithm[];

interface FileComparisonProps {
  readonly title: string;
  readonly digest: string;
  /** Where it is known which one was used. */
  readonly algorithm?: DigestAlgorithm;
}

/** Compares the visitor's files with one digest on record. */
export function FileComparison({ title, digest, algorithm }: FileComparisonProps) {
  const { text } = useTexts();
  const algorithms = algorithm === undefined ? ALL : [algorithm];
  const { files, add, cancel } = useFileChecks(async (file, signal, onStage) => {
    const onProgress = (done: number, total: number) => onStage("reading", done, total);
    const { digests, events } = await digestFile({ file, algorithms }, { signal, onProgress });
    return { match: [...Object.values(digests), ...events.map((event) => event.digest)].includes(digest) };
  });
  return (
    <Card title={title}>
      <div className="card-body stack">
        <DropZone title={text("verify.drop")} words={text("record.check.words")} onFiles={add} slim />
        {files.map((check) => {
          if (check.error) return <Failure key={check.id} error={check.error} />;
          if (!check.result) return <FileProgress key={check.id} check={check} cancel={cancel} />;
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

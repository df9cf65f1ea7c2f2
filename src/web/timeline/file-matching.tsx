import { Card } from "../components/card.tsx";
import { Failure } from "../components/states.tsx";
import { useTexts } from "../language/language-context.tsx";
import { DropZone } from "../verify/drop-zone.tsx";
import { FileProgress } from "../verify/file-progress.tsx";
import { type FileMatches, nameOf } from "./use-file-matches.ts";

/** Takes the files behind a timeline and names those that belong to no link. The others are marked at their links. */
export function FileMatching({ matches: { files, add, cancel } }: { matches: FileMatches }) {
  const { text } = useTexts();
  return (
    <Card title={text("object.check")}>
      <div className="card-body stack">
        <DropZone title={text("verify.drop")} words={text("object.check.words")} onFiles={add} slim />
        {files.map((check) => {
          if (check.error) return <Failure key={check.id} error={check.error} />;
          if (!check.result) return <FileProgress key={check.id} check={check} cancel={cancel} />;
          return (
            <ul key={check.id} className="stack tight" role="status">
              {check.result.map((match) => (
                <li key={nameOf(check.name, match)} className={match.matches ? "note good" : "note bad"}>
                  {text(match.matches ? "object.own" : "object.foreign", { name: nameOf(check.name, match) })}
                </li>
              ))}
            </ul>
          );
        })}
      </div>
    </Card>
  );
}

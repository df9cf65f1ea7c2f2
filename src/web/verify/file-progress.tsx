import { formatBytes } from "../format/bytes.ts";
import { TAGS } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";
import type { FileCheck } from "./use-file-checks.ts";

const WORDS = {
  reading: "verify.working",
  "reading-more": "verify.working.more",
  looking: "verify.looking",
} as const;

/** How far the check of one file is, and a way to stop it. */
export function FileProgress({ check, cancel }: { check: FileCheck<unknown>; cancel: (id: number) => void }) {
  const { language, text } = useTexts();
  const words = text(WORDS[check.stage], { name: check.name });
  const [done, total] = [check.done, check.size].map((bytes) => formatBytes(bytes, TAGS[language]));
  return (
    <div className="progress-line">
      <span role="status">{words}</span>
      <progress max={Math.max(check.size, 1)} value={check.done} aria-label={words} />
      <span className="progress-end">
        <span className="soft small">{text("verify.progress", { done: done ?? "", total: total ?? "" })}</span>
        <button
          type="button"
          className="copy"
          aria-label={text("verify.cancel.label", { name: check.name })}
          onClick={() => cancel(check.id)}
        >
          {text("verify.cancel")}
        </button>
      </span>
    </div>
  );
}

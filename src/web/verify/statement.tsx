import type { ReactNode } from "react";
import { useTexts } from "../language/language-context.tsx";

/** good: it holds; warn: to be noted; bad: it does not hold; open: nothing is said about it. */
export type StatementTone = "good" | "warn" | "bad" | "open";

interface StatementProps {
  readonly tone: StatementTone;
  readonly title: ReactNode;
  readonly words?: ReactNode;
  /** What it rests on; folded away. */
  readonly children?: ReactNode;
}

const MARKS: Record<StatementTone, string> = {
  good: "m5 13 5 5 9-10",
  warn: "M12 5v9m0 4.5v.5",
  bad: "m6 6 12 12M18 6 6 18",
  open: "M6 12h12",
};

/** One sentence of a verdict: whether it holds, in words and by a mark. */
export function Statement({ tone, title, words, children }: StatementProps) {
  const { text } = useTexts();
  const hasProof = Array.isArray(children) ? children.some(Boolean) : Boolean(children);
  return (
    <li className={`statement ${tone}`} data-tone={tone}>
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="3" aria-hidden="true">
        <path d={MARKS[tone]} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      <div>
        <p>
          <span className="visually-hidden">{text(`statement.${tone}`)}: </span>
          <strong>{title}</strong>
        </p>
        {words && <p className="small soft">{words}</p>}
        {hasProof && (
          <details>
            <summary className="small">{text("statement.proof")}</summary>
            <div className="small">{children}</div>
          </details>
        )}
      </div>
    </li>
  );
}

import type { ReactNode } from "react";
import type { BropError } from "../../core/errors.ts";
import type { Query } from "../api/use-query.ts";
import { useTexts } from "../language/language-context.tsx";

/** What a part shows before its first answer. */
export function Loading() {
  const { text } = useTexts();
  return (
    <div className="loading" role="status">
      <p className="visually-hidden">{text("state.loading")}</p>
      <span />
      <span />
      <span />
    </div>
  );
}

/** An error as the one error table words it: what happened, and what to do. */
export function Failure({ error, retry }: { error: BropError; retry?: (() => void) | undefined }) {
  const { language, text } = useTexts();
  const { title, remedy, titleZh, remedyZh } = error.entry;
  return (
    <div className="state" role="alert">
      <strong>{language === "zh" ? titleZh : title}</strong>
      <p>{language === "zh" ? remedyZh : remedy}</p>
      <p className="small">
        <code>{error.code}</code>
      </p>
      {retry && (
        <button type="button" className="button quiet" onClick={retry}>
          {text("state.retry")}
        </button>
      )}
    </div>
  );
}

export function Empty({ title, words }: { title: string; words?: string | undefined }) {
  return (
    <div className="state">
      <strong>{title}</strong>
      {words !== undefined && <p>{words}</p>}
    </div>
  );
}

interface LoadedProps<Answer> {
  readonly query: Query<Answer>;
  readonly children: (data: Answer) => ReactNode;
}

/** The answer of a query, or what stands in its place. A failed renewal leaves the former answer on show. */
export function Loaded<Answer>({ query: { data, error, retry }, children }: LoadedProps<Answer>) {
  if (data !== undefined) return children(data);
  return error ? <Failure error={error} retry={retry} /> : <Loading />;
}
